/**
 * Postgres as a room sees it: `commit_room`, `room_changes` and the reads of `src/database`, for
 * one room, in memory. It answers what the procedures answer; migrations/0003_message_changes.sql
 * is the original of every branch here.
 */
import type {
  CommitItem,
  ItemResult,
  MessageChangeItem,
  MessageItem,
  ReadChanges,
  RoomChangeItem,
} from '../../src/domain/room/commit.ts'
import type { RoomSnapshot } from '../../src/domain/room/state.ts'
import type { Change } from '../../src/protocol/change.ts'
import type { Member } from '../../src/protocol/member.ts'
import type { MessageChange } from '../../src/protocol/message-change.ts'
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
  /** As they are now. */
  readonly #messages: Message[] = []
  readonly #reactions = new Map<string, { emoji: string; user_id: string; revision: number }[]>()
  /** The first words of each message, also of those edited or deleted since. */
  readonly #said = new Map<string, string>()
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

  /** As a replay tells them: a message as it is now, and no words that were deleted since. */
  changesBetween(after: number, upto: number, limit: number): Change[] {
    return this.#changes.slice(after, Math.min(upto, after + limit)).map((change) => {
      if (change.type === 'message')
        return { ...change, message: this.#messageNow(change.message.message_id) }
      if (change.type === 'message_edited' && this.#messageNow(change.message_id).deleted_at)
        return { ...change, content: '', mentions: [] }
      return change
    })
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
    switch (item.kind) {
      case 'message':
        return this.#writeMessage(item)
      case 'message_edited':
      case 'message_deleted':
      case 'reaction_added':
      case 'reaction_removed':
      case 'message_pinned':
      case 'message_unpinned':
        return this.#writeMessageChange(item)
      default:
        return this.#writeChange(item)
    }
  }

  #writeMessage(item: MessageItem): ItemResult {
    const member = this.members.get(item.actor_id)
    const isAdmin = this.isAdmin(item.actor_id)
    const first = this.firstOf(item.actor_id, item.client_message_id)
    if (first && !this.#allows_repeats)
      return this.#said.get(first.message_id) === item.content
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
      file: null,
    }
  }

  #writeMessageChange(item: MessageChangeItem): ItemResult {
    const { actor_id, change_id, message_id } = item
    if (this.#done.has(change_id)) return { status: 'repeated' }
    const role = this.isAdmin(actor_id) ? 'owner' : this.members.get(actor_id)?.role
    if (!role || role === 'viewer' || this.status === 'archived') return forbidden
    const message = this.#messages.find((one) => one.message_id === message_id)
    if (!message) return notFound
    const isOwn = message.sender_id === actor_id
    if (item.kind === 'message_deleted') {
      if (!isOwn && role !== 'owner') return forbidden
      if (message.deleted_at) return { status: 'unchanged' }
    }
    const isOfWords = item.kind === 'message_edited' || item.kind === 'message_deleted'
    if (isOfWords && message.message_type === 'system') return forbidden
    if (item.kind === 'message_edited' && !isOwn) return forbidden
    if (message.deleted_at) return notFound
    const change = this.#changeOf(item, message)
    if (!change) return { status: 'unchanged' }
    this.#changes.push(change)
    this.#done.add(change_id)
    this.#replace(change)
    return { status: 'changed' }
  }

  /** Undefined: it is so already. */
  #changeOf(item: MessageChangeItem, message: Message): MessageChange | undefined {
    const { actor_id, message_id } = item
    const revision = this.last_revision + 1
    const timestamp = this.#now()
    const done = { revision, actor_id, timestamp, message_id }
    switch (item.kind) {
      case 'message_edited': {
        if (message.content === item.content) return undefined
        const { content } = item
        return { type: item.kind, ...done, content, mentions: [], edited_at: timestamp }
      }
      case 'message_deleted':
        return { type: item.kind, ...done, deleted_at: timestamp, deleted_by: actor_id }
      case 'message_pinned': {
        const event_at = item.event_at ?? message.pin?.event_at ?? message.created_at
        if (message.pin?.event_at === event_at) return undefined
        const pin = { pinned_by: actor_id, pinned_at: timestamp, event_at }
        return { type: item.kind, ...done, pin }
      }
      case 'message_unpinned':
        return message.pin ? { type: item.kind, ...done } : undefined
      default:
        return this.#reactionOf(item, done)
    }
  }

  #reactionOf(
    { kind, emoji }: MessageChangeItem & { emoji: string },
    done: { revision: number; actor_id: string; timestamp: string; message_id: string },
  ): MessageChange | undefined {
    const { actor_id: user_id, message_id, revision } = done
    const all = this.#reactions.get(message_id) ?? []
    const others = all.filter((one) => one.emoji !== emoji || one.user_id !== user_id)
    const isThere = others.length < all.length
    if (isThere === (kind === 'reaction_added')) return undefined
    const now = isThere ? others : [...others, { emoji, user_id, revision }]
    this.#reactions.set(message_id, now)
    const same = now.filter((one) => one.emoji === emoji)
    return {
      type: isThere ? 'reaction_removed' : 'reaction_added',
      ...done,
      emoji,
      user_id,
      count: same.length,
      first_revision: same[0]?.revision ?? null,
    }
  }

  /** The message as it is after a change, made anew from the facts and not from the change. */
  #replace(change: MessageChange): void {
    const index = this.#messages.findIndex((one) => one.message_id === change.message_id)
    const before = this.#messages[index]
    if (!before) return
    let message: Message = {
      ...before,
      changed_revision: change.revision,
      reactions: this.#groupsOf(change.message_id),
    }
    if (change.type === 'message_edited')
      message = { ...message, content: change.content, edited_at: change.edited_at }
    if (change.type === 'message_pinned') message = { ...message, pin: change.pin }
    if (change.type === 'message_unpinned') message = { ...message, pin: null }
    if (change.type === 'message_deleted') {
      const { deleted_at, deleted_by } = change
      message = { ...message, deleted_at, deleted_by, content: '', pin: null, reactions: [] }
    }
    this.#messages[index] = message
    this.#first.set(`${message.sender_id} ${message.client_message_id}`, message)
  }

  #groupsOf(message_id: string): Message['reactions'] {
    const groups = Map.groupBy(this.#reactions.get(message_id) ?? [], ({ emoji }) => emoji)
    return [...groups]
      .map(([emoji, all]) => ({
        emoji,
        count: all.length,
        user_ids: all.map(({ user_id }) => user_id),
        first_revision: all[0]?.revision ?? 0,
      }))
      .toSorted((one, other) => one.first_revision - other.first_revision)
  }

  #messageNow(message_id: string): Message {
    const message = this.#messages.find((one) => one.message_id === message_id)
    if (!message) throw new Error(`no message ${message_id}`)
    return message
  }

  #writeChange(item: RoomChangeItem): ItemResult {
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
    this.#appendMessage(
      { ...item, change_id: item.message_id, client_message_id: `system:${change_id}` },
      'system',
    )
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
      content: item.content ?? 'Something changed',
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
      deleted_by: null,
      pin: null,
      sequence_number: this.last_sequence,
      revision,
      changed_revision: revision,
      reactions: [],
    }
    this.#messages.push(message)
    this.#said.set(message.message_id, item.content ?? '')
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

const notFound: ItemResult = { status: 'refused', code: 'not_found', message: 'no such message' }

const forbidden: ItemResult = { status: 'refused', code: 'forbidden', message: 'may not do this' }
