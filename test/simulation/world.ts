/**
 * One simulated run: a room, its database, its people and everything that goes wrong, all from one
 * seed. Throws at the first thing that must never happen, and if not all come to agree in the end.
 */
import { isDeepStrictEqual } from 'node:util'
import { defaultRoomSettings, type RoomSettings } from '../../src/domain/room/settings.ts'
import type { CommitItem, ItemResult } from '../../src/domain/room/commit.ts'
import type { awake, transition } from '../../src/domain/room/transition.ts'
import type { Member, Role } from '../../src/protocol/member.ts'
import type { RoomDetails } from '../../src/protocol/room.ts'
import { isRetryable } from '../../src/protocol/retryable.ts'
import { chanceFrom, type Chance } from '../support/chance.ts'
import { Client } from './client.ts'
import { FakeDatabase } from './fake-database.ts'
import { Faults } from './faults.ts'
import { Host } from './host.ts'
import { Poster } from './poster.ts'
import { Timeline } from './timeline.ts'

/** What is put to the test; a control plants a bug in it. */
export type Actor = {
  readonly transition: typeof transition
  readonly awake: typeof awake
}

export type WorldOptions = {
  readonly actor: Actor
  /** Control: the database forgets which messages it has. */
  readonly allows_repeats?: boolean
  /** False for the seeds that are older than the burst lane. */
  readonly has_bursts?: boolean
  /** False for the seeds that are older than settings that change (OPS-4). */
  readonly has_changes?: boolean
}

const troubled_ms = 20_000
const calm_ms = 120_000
/** A run has some hundreds. */
const steps_max = 20_000

export class World {
  readonly timeline = new Timeline()
  readonly chance: Chance
  readonly faults: Faults
  /** In force now. */
  settings: RoomSettings
  readonly recent_at_wake: number
  readonly database: FakeDatabase
  readonly actor: Actor
  /** Where new connections and requests go. */
  host: Host
  #superseded: Host[] = []
  readonly #clients: Client[] = []
  readonly #posters: Poster[] = []
  /** Of its own, so that without bursts a seed is the same run as before there were any. */
  readonly #burst_chance: Chance
  readonly #settings_chance: Chance
  #ids = 0
  #requests_open = 0

  constructor(seed: number, options: WorldOptions) {
    this.chance = chanceFrom(seed)
    this.#burst_chance = chanceFrom(seed + 0x5eed)
    this.#settings_chance = chanceFrom(seed + 0xc0f1)
    this.faults = new Faults(this.chance)
    this.actor = options.actor
    this.settings = this.#drawSettings()
    this.recent_at_wake = this.#among(2, 200)
    this.database = new FakeDatabase({
      details,
      members: [
        member('owner', 'owner'),
        member('ann', 'editor'),
        member('bob', 'editor'),
        member('eve', 'viewer'),
      ],
      admins: ['admin'],
      missed_max: this.#among(3, 500),
      allows_repeats: options.allows_repeats ?? false,
    })
    this.host = new Host(this)
    if (options.has_bursts ?? true)
      for (let count = this.#burst_chance.below(4); count > 0; count -= 1)
        this.#posters.push(new Poster(this, this.#burst_chance))
    if (options.has_changes ?? true)
      for (let count = this.#settings_chance.below(6); count > 0; count -= 1)
        this.timeline.after(this.#settings_chance.below(troubled_ms), () => this.#configure())
  }

  /** Each object takes it up before its next input; nobody tells it. */
  #configure(): void {
    const chance = this.#settings_chance
    const among = <Value>(...values: readonly [Value, ...Value[]]): Value =>
      values[chance.below(values.length)] ?? values[0]
    this.settings = {
      ...this.settings,
      commit_in_group: among(true, false),
      commit_batch_max_count: among(1, 3, 100),
      commit_wait_max_ms: among(500, 5_000),
      burst_batch_max_count: among(1, 2, 500),
      pending_max_count: among(1, 3, 20_000),
      resume_max_changes: among(4, 1_000),
      recent_max_count: among(1, 4, 1_000),
      presence_grace_ms: among(100, 1_000),
      heartbeat_interval_ms: among(5_000, 30_000),
    }
  }

  run(): void {
    this.#arrive()
    this.#plan()
    this.#runUntil(() => false, troubled_ms)
    this.#calmDown()
    this.#runUntil(() => this.#isSettled(), calm_ms)
    this.#checkAgreement()
  }

  nextId(): string {
    this.#ids += 1
    return `00000000-0000-7000-8000-${this.#ids.toString(16).padStart(12, '0')}`
  }

  /** What the database refused may be said again later, also where its sender is gone by now. */
  noteRefusals(items: readonly CommitItem[], results: readonly ItemResult[]): void {
    items.forEach((item, index) => {
      if (item.kind !== 'message' || results[index]?.status !== 'refused') return
      for (const client of this.#clients) client.wasRefused(item.client_message_id)
    })
  }

  /** Most tokens outlive the run; some end within it. */
  newTokenExpiry(): number {
    return this.timeline.now + (this.#happens(0.1) ? 10_000 + this.chance.below(90_000) : 3_600_000)
  }

  #arrive(): void {
    const people = ['owner', 'ann', 'ann', 'bob', 'eve', 'admin']
    for (const user_id of people) {
      if (this.#happens(0.3)) continue
      const client = new Client(this, {
        user_id,
        batch: this.#happens(0.5),
        resumes_by_frame: this.#happens(0.3),
        pipelines: this.#happens(0.5),
        renews: this.#happens(0.5),
      })
      this.#clients.push(client)
      this.timeline.after(this.chance.below(3_000), () => client.connect())
    }
  }

  /** What people do and what goes wrong, each at a moment of its own. */
  #plan(): void {
    for (const client of this.#clients) {
      this.#plans(this.chance.below(5), () => client.say(`${client.user_id} ${this.nextId()}`))
      this.#plans(this.chance.below(6), () => client.changes(this.#someMessage()))
      this.#plans(this.chance.below(2), () => client.types())
      this.#plans(this.chance.below(2), () => client.connection?.cut())
    }
    for (const poster of this.#posters)
      for (let count = this.#burst_chance.below(5); count > 0; count -= 1)
        this.timeline.after(this.#burst_chance.below(troubled_ms), () => poster.post())
    this.#plans(this.chance.below(3), () => this.host.sleep())
    this.#plans(this.chance.below(2), () => this.#crash())
    this.#plans(this.chance.below(2), () => this.#moveOver())
    this.#plans(this.chance.below(4), () => this.#writeBeside())
    this.#plans(this.chance.below(3), () => this.#submit(this.#change()))
    this.#plans(this.chance.below(3), () => this.#submit(this.#messageChange()))
  }

  #plans(count: number, act: () => void): void {
    for (let index = 0; index < count; index += 1)
      this.timeline.after(this.chance.below(troubled_ms), act)
  }

  #crash(): void {
    this.host.die()
    this.host = new Host(this)
  }

  /** A second instance, while the first still believes in itself. */
  #moveOver(): void {
    this.#superseded.push(this.host)
    this.host = new Host(this)
  }

  /** A writer that is not the room's actor. */
  #writeBeside(): void {
    for (let count = this.chance.below(4); count >= 0; count -= 1)
      this.database.write(this.#writtenBeside())
  }

  #writtenBeside(): CommitItem {
    if (this.#happens(0.3)) return this.#change()
    return this.#happens(0.3) ? this.#messageChange() : this.#message('owner')
  }

  /** Mostly one of the last, which somebody is just being told of. */
  #someMessage(): string {
    const { messages } = this.database
    const back = this.#happens(0.7) ? this.chance.below(3) : this.chance.below(messages.length + 1)
    return messages.at(-1 - back)?.message_id ?? this.nextId()
  }

  #messageChange(): CommitItem {
    const by = { change_id: this.nextId(), actor_id: 'owner', message_id: this.#someMessage() }
    switch (this.chance.below(4)) {
      case 0:
        return { ...by, kind: 'message_deleted' }
      case 1:
        return { ...by, kind: 'reaction_added', emoji: '👍' }
      case 2:
        return { ...by, kind: 'reaction_removed', emoji: '👍' }
      default:
        return { ...by, kind: 'message_pinned', event_at: null }
    }
  }

  /** Over REST; sent again with the same ids until there is an answer. */
  #submit(item: CommitItem): void {
    let isDone = false
    this.#requests_open += 1
    const attempt = () => {
      if (isDone) return
      this.host.submit(item, (reply) => {
        if (isDone || (!reply.ok && isRetryable(reply.refusal.code))) return
        isDone = true
        this.#requests_open -= 1
      })
      this.timeline.after(2_000, attempt)
    }
    attempt()
  }

  #message(actor_id: string): CommitItem {
    const id = this.nextId()
    return {
      kind: 'message',
      change_id: id,
      actor_id,
      client_message_id: id,
      content: `beside ${id}`,
      data: null,
      message_type: 'text',
      mentions: [],
      reply_to: null,
      file_id: null,
      search: null,
    }
  }

  #change(): CommitItem {
    const by = { change_id: this.nextId(), message_id: this.nextId(), actor_id: 'owner' }
    const user_id = this.#among('ann', 'bob')
    switch (this.chance.below(5)) {
      case 0:
        return { ...by, kind: 'member_removed', user_id }
      case 1:
        return { ...by, kind: 'member_added', user_id, role: 'editor' }
      case 2:
        return {
          ...by,
          kind: 'member_role_changed',
          user_id,
          role: this.#among<Role>('editor', 'viewer'),
        }
      default: {
        const status = this.#among('active' as const, 'resolved' as const)
        return { ...by, kind: 'room_updated', changes: { status } }
      }
    }
  }

  /** No more faults; the platform ends what was superseded; one last message wakes the room. */
  #calmDown(): void {
    this.faults.on = false
    for (const host of this.#superseded) host.die()
    this.#submit(this.#message('owner'))
  }

  #isSettled(): boolean {
    return (
      this.#requests_open === 0 &&
      this.#posters.every(({ isSettled }) => isSettled) &&
      this.#clients.every((client) => this.#agrees(client))
    )
  }

  #agrees(client: Client): boolean {
    const { user_id } = client
    if (!this.database.members.has(user_id) && !this.database.isAdmin(user_id))
      return client.connection === undefined
    const isUpToDate = client.phase === 'live' && client.position === this.database.last_revision
    return isUpToDate && client.isSettled
  }

  #checkAgreement(): void {
    for (const client of this.#clients) {
      if (!this.#agrees(client))
        throw new Error(
          `${client.user_id} is ${client.phase} at ${client.position} of ${this.database.last_revision}, ` +
            `with ${JSON.stringify(client.outbox)}`,
        )
      this.#checkOrder(client)
      this.#checkMessages(client)
    }
    for (const poster of this.#posters) poster.check()
    const said = new Set<string>()
    for (const { sender_id, client_message_id } of this.database.messages) {
      const name = `${sender_id} ${client_message_id}`
      if (said.has(name)) throw new Error(`${name} is there twice`)
      said.add(name)
    }
    if (this.#requests_open > 0) throw new Error('a request was never answered')
  }

  /** What it was told of each message, in whatever pieces, is the message as it is (CONN-5). */
  #checkMessages(client: Client): void {
    // Who was removed stands where they were then.
    if (!this.database.mayKnow(client.user_id, this.database.last_revision)) return
    for (const message of this.database.messages) {
      const known = client.messages.get(message.message_id)
      if (known && !isDeepStrictEqual(known, message))
        throw new Error(
          `${client.user_id} has ${JSON.stringify(known)}, but it is ${JSON.stringify(message)}`,
        )
    }
  }

  /** One device's messages are numbered in the order in which it said them (SEQ-6). */
  #checkOrder(client: Client): void {
    let last = 0
    for (const entry of client.outbox) {
      const first = this.database.firstOf(client.user_id, entry.client_message_id)
      if (!first || client.mayBeOvertaken(entry)) continue
      const sequence = first.sequence_number
      if (sequence < last) throw new Error(`${client.user_id}: ${sequence} was said after ${last}`)
      last = sequence
    }
  }

  #runUntil(isOver: () => boolean, limit_ms: number): void {
    const end = this.timeline.now + limit_ms
    for (let steps = 0; this.timeline.now < end && !isOver(); steps += 1) {
      if (steps > steps_max) throw new Error('it goes round and round')
      if (!this.timeline.step()) return
    }
  }

  #drawSettings(): RoomSettings {
    return {
      ...defaultRoomSettings,
      burst_batch_max_count: this.#burst_chance.next() < 0.5 ? 2 : 500,
      burst_pending_max_count: this.#burst_chance.next() < 0.5 ? 1 : 32,
      commit_in_group: this.#happens(0.2),
      commit_batch_max_count: this.#among(1, 3, 100),
      commit_wait_max_ms: this.#among(500, 5_000),
      resume_max_changes: this.#among(4, 1_000),
      recent_max_count: this.#among(1, 4, 1_000),
      held_max_count: this.#among(3, 2_000),
      snapshot_message_count: 3,
      presence_grace_ms: 1_000,
    }
  }

  #happens(rate: number): boolean {
    return this.chance.next() < rate
  }

  #among<Value>(...values: readonly [Value, ...Value[]]): Value {
    return values[this.chance.below(values.length)] ?? values[0]
  }
}

const details: RoomDetails = {
  room_id: '00000000-0000-7000-8000-000000000000',
  title: 'Line 3 stopped',
  incident_type: 'equipment_failure',
  severity: 'high',
  status: 'active',
  location: '',
  description: '',
  lots: [],
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  last_sequence: 0,
  last_revision: 0,
}

const member = (user_id: string, role: Role): Member => ({
  user_id,
  display_name: user_id,
  role,
  joined_at: '2026-01-01T00:00:00.000Z',
  is_admin: false,
})
