/**
 * Postgres as a room sees it: `commit_room`, `room_changes` and the reads of `src/database`, for
 * one room, in memory. It answers what the procedures answer; migrations/0001_room_writes.sql is
 * the original of every branch here.
 */
import type {
  CommitItem,
  CommitOutcome,
  CommitRequest,
  ItemResult,
  MessageItem,
  ReadChanges,
} from '../../src/domain/room/commit.ts'
import type { RoomSnapshot } from '../../src/domain/room/state.ts'
import type { Change } from '../../src/protocol/change.ts'
import type { Member } from '../../src/protocol/member.ts'
import type { Message } from '../../src/protocol/message.ts'
import type { RoomDetails } from '../../src/protocol/room.ts'

export type FakeDatabaseOptions = {
  readonly details: RoomDetails
  readonly members: readonly Member[]
  /** Admins who are members of nothing. */
  readonly admins: readonly string[]
  /** `c_missed_max` of the procedure. */
  readonly missed_max: number
  /** Control: the constraint on (room, sender, client_message_id) is missing. */
  readonly allows_repeats?: boolean
}

export class FakeDatabase {
  readonly missed_max: number
  owner: string | undefined
  status: RoomDetails['status']
  last_sequence = 0
  readonly members: Map<string, Member>
  readonly #details: RoomDetails
  readonly #admins: ReadonlySet<string>
  readonly #allows_repeats: boolean
  /** Revision n is at n - 1. */
  readonly #changes: Change[] = []
  readonly #messages: Message[] = []
  readonly #first = new Map<string, Message>()
  readonly #done = new Set<string>()
  /** Per person, the revisions from which they were a member and were not, in turns. */
  readonly #memberships = new Map<string, number[]>()

  constructor(options: FakeDatabaseOptions) {
    this.#details = options.details
    this.status = options.details.status
    this.members = new Map(options.members.map((member) => [member.user_id, member]))
    this.#admins = new Set(options.admins)
    this.#allows_repeats = options.allows_repeats ?? false
    this.missed_max = options.missed_max
    for (const { user_id } of options.members) this.#memberships.set(user_id, [0])
    this.append('owner', { event: 'room_created' })
  }

  get last_revision(): number {
    return this.#changes.length
  }

  get messages(): readonly Message[] {
    return this.#messages
  }

  change(revision: number): Change | undefined {
    return this.#changes[revision - 1]
  }

  changesBetween(after: number, upto: number, limit: number): Change[] {
    return this.#changes.slice(after, Math.min(upto, after + limit))
  }

  firstOf(sender_id: string, client_message_id: string): Message | undefined {
    return this.#first.get(`${sender_id} ${client_message_id}`)
  }

  isAdmin(user_id: string): boolean {
    return this.#admins.has(user_id)
  }

  /** Whether somebody may have heard of a revision: a member then, or again later. */
  mayKnow(user_id: string, revision: number): boolean {
    if (this.isAdmin(user_id)) return true
    const turns = this.#memberships.get(user_id) ?? []
    const isMemberNow = turns.length % 2 === 1
    return isMemberNow || turns.some((from, index) => index % 2 === 1 && revision < from)
  }

  readChanges(after: number, upto: number | undefined, limit: number): ReadChanges {
    return {
      ok: true,
      changes: this.changesBetween(after, upto ?? this.last_revision, limit),
      last_sequence: this.last_sequence,
      last_revision: this.last_revision,
    }
  }

  readSnapshot(recent: number): RoomSnapshot {
    return {
      details: this.#currentDetails(),
      members: [...this.members.values()],
      recent: this.changesBetween(Math.max(0, this.last_revision - recent), Infinity, recent),
    }
  }

  /** Newest first. */
  readMessages(upto_revision: number, limit: number): Message[] {
    return this.#messages
      .filter(({ revision }) => revision <= upto_revision)
      .slice(-limit)
      .toReversed()
  }

  /** One item under the row's lock, with the counters confirmed. */
  write(item: CommitItem): ItemResult {
    return item.kind === 'message' ? this.#writeMessage(item) : this.#writeChange(item)
  }

  #writeMessage(item: MessageItem): ItemResult {
    const member = this.members.get(item.actor_id)
    const isAdmin = this.isAdmin(item.actor_id)
    const first = this.firstOf(item.actor_id, item.client_message_id)
    if (first && !this.#allows_repeats)
      return first.content === item.content
        ? {
            status: 'duplicate',
            message_id: first.message_id,
            sequence_number: first.sequence_number,
            revision: first.revision,
            created_at: first.created_at,
          }
        : { status: 'refused', code: 'conflict', message: 'used for another message' }
    if (!member && !isAdmin) return forbidden
    if (member?.role === 'viewer' && !isAdmin) return forbidden
    if (this.status === 'archived') return forbidden
    const message = this.#appendMessage(item, 'text')
    return {
      status: 'committed',
      sequence_number: message.sequence_number,
      revision: message.revision,
      created_at: message.created_at,
      sender_display_name: message.sender_display_name,
      mentions: message.mentions,
    }
  }

  #writeChange(item: Exclude<CommitItem, MessageItem>): ItemResult {
    const { actor_id, change_id } = item
    if (this.#done.has(change_id)) return { status: 'repeated' }
    const role = this.isAdmin(actor_id) ? 'owner' : this.members.get(actor_id)?.role
    if (role !== 'owner') return forbidden
    switch (item.kind) {
      case 'room_updated': {
        const { status } = item.changes
        if (!status || status === this.status) return { status: 'unchanged' }
        this.status = status
        this.append(actor_id, { event: 'room_updated', changes: { status } })
        this.#appendMessage(
          { ...item, change_id: item.message_id, client_message_id: `system:${change_id}` },
          'system',
        )
        break
      }
      case 'member_added': {
        const { user_id } = item
        if (this.members.has(user_id)) return { status: 'unchanged' }
        const { role: given } = item
        const joined_at = this.#now()
        const member = { user_id, display_name: user_id, role: given, joined_at, is_admin: false }
        this.members.set(user_id, member)
        this.append(actor_id, { event: 'member_added', member })
        break
      }
      case 'member_role_changed': {
        const { user_id } = item
        const member = this.members.get(user_id)
        if (!member) return { status: 'refused', code: 'not_found', message: 'no such member' }
        if (member.role === item.role) return { status: 'unchanged' }
        this.members.set(user_id, { ...member, role: item.role })
        this.append(actor_id, { event: 'member_role_changed', user_id, role: item.role })
        break
      }
      case 'member_removed': {
        const { user_id } = item
        if (!this.members.delete(user_id))
          return { status: 'refused', code: 'not_found', message: 'no such member' }
        this.append(actor_id, { event: 'member_removed', user_id })
        break
      }
      default:
        throw new Error(`not simulated: ${item.kind}`)
    }
    this.#done.add(change_id)
    return { status: 'changed' }
  }

  append(actor_id: string, what: SystemEvent): void {
    const revision = this.last_revision + 1
    const by = { type: 'system', revision, timestamp: this.#now(), actor_id } as const
    this.#changes.push({ ...by, ...what })
    if (what.event === 'member_added') this.#turn(what.member.user_id, revision)
    if (what.event === 'member_removed') this.#turn(what.user_id, revision)
  }

  #turn(user_id: string, revision: number): void {
    const turns = this.#memberships.get(user_id) ?? []
    this.#memberships.set(user_id, [...turns, revision])
  }

  #appendMessage(
    item: { change_id: string; actor_id: string; client_message_id: string; content?: string },
    message_type: Message['message_type'],
  ): Message {
    const revision = this.last_revision + 1
    this.last_sequence += 1
    const message: Message = {
      message_id: item.change_id,
      room_id: this.#details.room_id,
      sender_id: item.actor_id,
      sender_display_name: item.actor_id,
      client_message_id: item.client_message_id,
      content: item.content ?? 'Status changed',
      data: null,
      message_type,
      mentions: [],
      file_id: null,
      file_url: null,
      file: null,
      reply_to: null,
      created_at: this.#now(),
      edited_at: null,
      deleted_at: null,
      sequence_number: this.last_sequence,
      revision,
      reactions: [],
    }
    this.#messages.push(message)
    this.#first.set(`${item.actor_id} ${item.client_message_id}`, message)
    this.#changes.push({ type: 'message', revision, message })
    return message
  }

  #currentDetails(): RoomDetails {
    const { status, last_sequence, last_revision } = this
    return { ...this.#details, status, last_sequence, last_revision }
  }

  /** The room's own clock: never twice the same. */
  #now(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.last_revision).toISOString()
  }
}

type SystemEvent = Change extends infer Each
  ? Each extends { type: 'system' }
    ? Omit<Each, 'type' | 'revision' | 'timestamp' | 'actor_id'>
    : never
  : never

const forbidden: ItemResult = { status: 'refused', code: 'forbidden', message: 'may not do this' }

/**
 * One call of `commit_room`. Each item is a transaction of its own; between two of them the row is
 * free for any other writer, and the call may die.
 */
export class CommitCall {
  readonly #database: FakeDatabase
  readonly #request: Omit<CommitRequest, 'room_id'>
  readonly #results: ItemResult[] = []
  readonly #changes: Change[] = []
  #known: number
  #stop: ItemResult | undefined
  #has_claimed = false

  constructor(database: FakeDatabase, request: Omit<CommitRequest, 'room_id'>) {
    this.#database = database
    this.#request = request
    this.#known = request.expected_revision
  }

  /** The next transaction. False once there is none left. */
  step(): boolean {
    const { claim, items, owner } = this.#request
    if (claim && !this.#has_claimed) {
      this.#database.owner = owner
      this.#has_claimed = true
      return true
    }
    const item = items[this.#results.length]
    if (item) this.#results.push(this.#carryOut(item))
    return this.#results.length < items.length
  }

  /** The whole call in one transaction, as far as others can see. */
  run(): CommitOutcome {
    while (this.step());
    return this.outcome()
  }

  outcome(): CommitOutcome {
    return { kind: 'answered', results: this.#results, changes: this.#changes }
  }

  #carryOut(item: CommitItem): ItemResult {
    this.#stop ??= this.#reasonToStop()
    if (this.#stop) return this.#stop
    const database = this.#database
    this.#tellMissed()
    const result = database.write(item)
    if (result.status === 'committed') this.#known += 1
    if (result.status === 'changed') this.#tellMissed()
    return result
  }

  #reasonToStop(): ItemResult | undefined {
    const { owner, last_revision, missed_max } = this.#database
    if (owner !== this.#request.owner) return { status: 'superseded' }
    if (this.#known > last_revision || last_revision - this.#known > missed_max)
      return { status: 'conflict' }
    return undefined
  }

  #tellMissed(): void {
    const { last_revision } = this.#database
    this.#changes.push(...this.#database.changesBetween(this.#known, last_revision, Infinity))
    this.#known = last_revision
  }
}
