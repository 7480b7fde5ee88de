/**
 * One device of one person, as a good client is: reconnects, resumes by revision, keeps an outbox
 * and sends again with the same ids. It checks everything that it is told.
 */
import type { Connection } from './connection.ts'
import type { World } from './world.ts'
import { afterClose } from '../../src/protocol/close-codes.ts'
import type { Change } from '../../src/protocol/change.ts'
import type { ErrorFrame, Snapshot } from '../../src/protocol/connection.ts'
import { decodeDown } from '../../src/protocol/decode-down.ts'
import type { DownFrame } from '../../src/protocol/down.ts'
import type { MessageChange } from '../../src/protocol/message-change.ts'
import type { Ack, Message } from '../../src/protocol/message.ts'
import { isRetryable } from '../../src/protocol/retryable.ts'
import type { UpFrame } from '../../src/protocol/up.ts'
import { applyMessageChange } from '../../web/src/sync/message-changes.ts'

export type ClientHabits = {
  readonly user_id: string
  /** Several frames in one WebSocket message (CONN-12). */
  readonly batch: boolean
  /** Names its revision in the first frame, not in the URL (CONN-5). */
  readonly resumes_by_frame: boolean
  /** Sends without waiting for the ack before. */
  readonly pipelines: boolean
  /** Renews its token when it is asked to; otherwise it is closed and comes again. */
  readonly renews: boolean
}

type Entry = {
  readonly client_message_id: string
  readonly content: string
  status: 'waiting' | 'sent' | 'acked' | 'forbidden'
  /** Told to come again; what was said later may be numbered first. */
  was_refused: boolean
}

type Phase =
  | 'offline'
  | 'connecting'
  | 'greeted'
  /** Asked for what it missed; changes arrive in order from there. */
  | 'resuming'
  /** Asked for it in a frame that came too late: only a snapshot can follow. */
  | 'overtaken'
  | 'snapshot'
  | 'live'

const ack_timeout_ms = 4_000

/** Of the references of changes; an answer may come twice. */
const wishPrefix = 'wish '

export class Client {
  readonly user_id: string
  readonly batch: boolean
  readonly outbox: Entry[] = []
  /** The last revision applied. */
  position: number | undefined
  phase: Phase = 'offline'
  /** Changes that it asked for and has no answer to, by their references. */
  readonly #wishes = new Map<string, UpFrame>()
  /** By id: all it was told, with what became of it. */
  readonly messages = new Map<string, Message>()
  readonly #world: World
  readonly #habits: ClientHabits
  #connection: Connection | undefined

  constructor(world: World, habits: ClientHabits) {
    this.#world = world
    this.#habits = habits
    this.user_id = habits.user_id
    this.batch = habits.batch
  }

  get connection(): Connection | undefined {
    return this.#connection
  }

  /** Whether one message may be numbered after what was said later: it was refused in between. */
  mayBeOvertaken(entry: Entry): boolean {
    return this.#habits.pipelines && entry.was_refused
  }

  get isSettled(): boolean {
    return this.#wishes.size === 0 && this.outbox.every(isAnswered)
  }

  connect(): void {
    const { timeline, faults } = this.#world
    this.phase = 'connecting'
    const host = this.#world.host
    timeline.after(faults.delay(), () =>
      host.admit(this.user_id, (admission) => {
        if (admission !== 'admitted') return this.#later(admission === 'failed' ? 500 : 3_000)
        const since = this.#habits.resumes_by_frame ? undefined : this.position
        this.#connection = host.accept(this, since)
      }),
    )
  }

  say(content: string): void {
    const client_message_id = this.#world.nextId()
    this.outbox.push({ client_message_id, content, status: 'waiting', was_refused: false })
    this.#pump()
  }

  /** Edits, deletes, reacts to or pins a message, its own or another's. */
  changes(message_id: string): void {
    const { chance } = this.#world
    const ref = `${wishPrefix}${this.#world.nextId()}`
    const asked = { message_id, ref }
    const emoji = chance.next() < 0.5 ? '👍' : '🎉'
    const frames: UpFrame[] = [
      { type: 'edit_message', ...asked, content: `edited ${this.#world.nextId()}` },
      { type: 'edit_message', ...asked, content: `edited ${this.#world.nextId()}` },
      { type: 'add_reaction', ...asked, emoji },
      { type: 'add_reaction', ...asked, emoji },
      { type: 'remove_reaction', ...asked, emoji },
      { type: 'pin_message', ...asked },
      { type: 'unpin_message', ...asked },
      { type: 'delete_message', ...asked },
    ]
    const frame = frames[chance.below(frames.length)]
    if (!frame) return
    this.#wishes.set(ref, frame)
    this.#wish(ref)
  }

  /** Asks, and asks again until there is an answer: what is so already is only confirmed. */
  #wish(ref: string): void {
    const frame = this.#wishes.get(ref)
    if (!frame) return
    if (this.phase === 'live') this.#send(frame)
    this.#world.timeline.after(ack_timeout_ms, () => this.#wish(ref))
  }

  types(): void {
    this.#send({ type: 'typing', is_typing: true })
  }

  /** The room has refused something, whether or not we ever hear of it. */
  wasRefused(ref: string | undefined): void {
    const entry = this.#entryOf(ref)
    if (entry) entry.was_refused = true
  }

  closed(connection: Connection, code: number): void {
    if (connection !== this.#connection) return
    this.#connection = undefined
    const isRemoved = afterClose(code) === 'stop'
    this.#later(isRemoved ? 3_000 : 100 + this.#world.chance.below(1_000))
  }

  receive(connection: Connection, text: string): void {
    if (connection !== this.#connection) return
    for (const frame of decodeDown(text)) this.#take(frame)
  }

  #later(delay_ms: number): void {
    this.phase = 'offline'
    for (const entry of this.outbox) if (entry.status === 'sent') entry.status = 'waiting'
    this.#world.timeline.after(delay_ms, () => this.connect())
  }

  #take(frame: DownFrame): void {
    if (frame.type === 'welcome') return this.#welcomed(frame.last_revision)
    if (this.phase === 'connecting') this.#fails(`${frame.type} came before the welcome`)
    switch (frame.type) {
      case 'message':
      case 'message_edited':
      case 'message_deleted':
      case 'reaction_added':
      case 'reaction_removed':
      case 'message_pinned':
      case 'message_unpinned':
        return this.#apply(frame)
      case 'system':
        return 'revision' in frame ? this.#apply(frame) : undefined
      case 'resumed':
        return this.#resumed(frame.recovered, frame.to_revision)
      case 'snapshot':
        return this.#replace(frame)
      case 'change_ack':
        this.#wishes.delete(frame.ref ?? '')
        return
      case 'ack':
        return this.#acked(frame)
      case 'error':
        return this.#refused(frame)
      case 'ping':
        return this.#send({ type: 'pong' })
      case 'auth_required':
        return this.#habits.renews ? this.#send({ type: 'auth', token: this.user_id }) : undefined
      default:
    }
  }

  #welcomed(last_revision: number): void {
    if (this.phase !== 'connecting') this.#fails('a second welcome')
    if (last_revision > this.#world.database.last_revision) this.#fails('welcomed to the future')
    if (this.position === undefined) {
      this.position = last_revision
      this.phase = 'live'
      return this.#pump()
    }
    this.phase = 'resuming'
    if (this.#habits.resumes_by_frame) this.#send({ type: 'resume', since_revision: this.position })
  }

  #apply(change: Change): void {
    const { database } = this.#world
    const { revision } = change
    const committed = database.change(revision)
    if (!committed) this.#fails(`heard of revision ${revision}, which is not committed`)
    if (committed && nameOf(committed) !== nameOf(change))
      this.#fails(`heard ${nameOf(change)}, but revision ${revision} is ${nameOf(committed)}`)
    if (!database.mayKnow(this.user_id, revision))
      this.#fails(`heard of revision ${revision} after being removed`)
    if (this.phase === 'snapshot') this.#fails(`revision ${revision} came before the snapshot`)
    const isNext = revision === (this.position ?? 0) + 1
    if (this.phase === 'resuming' && !isNext && this.#habits.resumes_by_frame)
      this.phase = 'overtaken'
    if (this.phase === 'overtaken') return
    if (!isNext) this.#fails(`revision ${revision} came after ${this.position}`)
    this.position = revision
    if (change.type === 'message') this.messages.set(change.message.message_id, change.message)
    else if (change.type !== 'system') this.#applyToMessage(change)
  }

  #applyToMessage(change: MessageChange): void {
    const message = this.messages.get(change.message_id)
    if (message) this.messages.set(change.message_id, applyMessageChange(message, change))
  }

  #resumed(recovered: boolean, to_revision: number): void {
    if (!recovered) {
      this.phase = 'snapshot'
      return
    }
    if (this.phase !== 'resuming') this.#fails('resumed without having asked')
    if (this.position !== to_revision)
      this.#fails(`resumed to ${to_revision}, but heard up to ${this.position}`)
    this.phase = 'live'
    this.#pump()
  }

  #replace({ revision, room, messages }: Snapshot): void {
    if (this.phase !== 'snapshot') this.#fails('a snapshot without having been told')
    const { database, settings } = this.#world
    const expected = database.readMessages(revision, settings.snapshot_message_count)
    const isTrue =
      messages.length === expected.length &&
      messages.every(({ message_id }, index) => message_id === expected[index]?.message_id)
    if (!isTrue) this.#fails(`the snapshot of revision ${revision} has other messages`)
    if (room.last_revision !== revision)
      this.#fails(`the snapshot of revision ${revision} is of a room at ${room.last_revision}`)
    this.position = revision
    this.messages.clear()
    for (const message of messages) this.messages.set(message.message_id, message)
    this.phase = 'live'
    this.#pump()
  }

  #acked(ack: Ack): void {
    const first = this.#world.database.firstOf(this.user_id, ack.client_message_id)
    if (
      first?.message_id !== ack.message_id ||
      first.sequence_number !== ack.sequence_number ||
      first.revision !== ack.revision
    )
      this.#fails(`acked as ${ack.sequence_number}, but it is ${first?.sequence_number}`)
    const entry = this.#entryOf(ack.client_message_id)
    if (!entry) this.#fails('an ack of something never said')
    else entry.status = 'acked'
    this.#pump()
  }

  #refused({ ref, code, message, retry_after_ms }: ErrorFrame): void {
    if (ref?.startsWith(wishPrefix)) {
      if (!isRetryable(code)) this.#wishes.delete(ref)
      return
    }
    const entry = this.#entryOf(ref)
    if (!entry) this.#fails(`an error that names nothing of ours: ${code} ${message}`)
    if (entry?.status !== 'sent') return
    if (code === 'forbidden') {
      entry.status = 'forbidden'
      this.#pump()
    } else if (!isRetryable(code)) this.#fails(`refused: ${code} ${message}`)
    else
      this.#world.timeline.after(retry_after_ms ?? 500, () => {
        if (entry.status === 'sent') entry.status = 'waiting'
        this.#pump()
      })
  }

  #entryOf(ref: string | undefined): Entry | undefined {
    return this.outbox.find(({ client_message_id }) => client_message_id === ref)
  }

  #pump(): void {
    if (this.phase !== 'live') return
    for (const entry of this.outbox) {
      if (entry.status === 'waiting') this.#transmit(entry)
      if (entry.status === 'sent' && !this.#habits.pipelines) return
    }
  }

  #transmit(entry: Entry): void {
    const { client_message_id, content } = entry
    const connection = this.#connection
    entry.status = 'sent'
    this.#send({
      type: 'message',
      content,
      message_type: 'text',
      client_message_id,
      mentions: [],
      reply_to: null,
    })
    this.#world.timeline.after(ack_timeout_ms, () => {
      if (entry.status !== 'sent' || connection !== this.#connection) return
      // From the first that has no answer on: the order is kept.
      for (const one of this.outbox) if (one.status === 'sent') one.status = 'waiting'
      this.#pump()
    })
  }

  #send(frame: UpFrame): void {
    this.#connection?.up(JSON.stringify(frame))
  }

  #fails(what: string): never {
    throw new Error(`${this.user_id}: ${what}`)
  }
}

const isAnswered = ({ status }: Entry): boolean => status === 'acked' || status === 'forbidden'

const nameOf = (change: Change): string => {
  if (change.type === 'message') {
    const { message_id, sequence_number } = change.message
    return `message ${sequence_number} ${message_id}`
  }
  if (change.type !== 'system') return `${change.type} ${change.message_id}`
  switch (change.event) {
    case 'member_added':
      return `${change.event} ${change.member.user_id}`
    case 'member_removed':
    case 'member_role_changed':
      return `${change.event} ${change.user_id}`
    default:
      return change.event
  }
}
