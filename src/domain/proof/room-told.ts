/**
 * The room and its members as the revisions tell them: applied one after another, compared with
 * the tables at the end. Holds the present members and nothing of the past.
 */
import type { Damage } from '../../protocol/proof.ts'
import { damage } from './damage.ts'
import type { Revision } from './revision.ts'
import type { MemberRow, RoomRow } from './rows.ts'

/** Columns that `room_created` and `room_updated` set. */
const detailFields = [
  'title',
  'incident_type',
  'severity',
  'status',
  'location',
  'description',
  'lots',
] as const

/** What a new room has where its details name nothing else. */
const defaults = { status: 'active', location: '', description: '', lots: [] }

/** Kinds that change a message and leave the room as it is. */
const messageChanges = new Set([
  'message_edited',
  'message_deleted',
  'reaction_added',
  'reaction_removed',
  'message_pinned',
  'message_unpinned',
])

type Held = { readonly role: string; readonly joined_at: number }

export class RoomTold {
  readonly #details = new Map<string, unknown>()
  readonly #members = new Map<string, Held>()
  #created: Revision | undefined
  #updated_at = 0
  #last_activity_at = 0
  #last_sequence = 0

  get last_sequence(): number {
    return this.#last_sequence
  }

  apply(revision: Revision): Damage | undefined {
    const { kind, at, actor_id, payload, message_id } = revision
    const isFirst = revision.revision === 1
    if (isFirst !== (kind === 'room_created')) return invalid(revision, 'a room is created first')
    const isAboutMessage = kind === 'message' || messageChanges.has(kind)
    if (isAboutMessage !== (message_id !== null))
      return invalid(revision, 'message_id goes with what is about a message', 'message_id')
    this.#last_activity_at = at
    const user_id = String(payload['user_id'])
    const role = String(payload['role'])
    const held = this.#members.get(user_id)
    switch (kind) {
      case 'message':
        return this.#applyMessage(revision)
      case 'room_created':
        this.#created = revision
        this.#applyDetails(defaults, at)
        this.#applyDetails(payload, at)
        this.#members.set(actor_id, { role: 'owner', joined_at: at })
        return undefined
      case 'room_updated':
        this.#applyDetails(payload, at)
        return undefined
      case 'member_added':
        this.#members.set(user_id, { role, joined_at: at })
        return undefined
      case 'member_role_changed':
        if (!held) return invalid(revision, `${user_id} was no member`)
        this.#members.set(user_id, { ...held, role })
        return undefined
      case 'member_removed':
        return this.#members.delete(user_id)
          ? undefined
          : invalid(revision, `${user_id} was no member`)
      default:
        return messageChanges.has(kind) ? undefined : invalid(revision, `what is "${kind}"?`)
    }
  }

  /** Both read in the statement that read the last revision. */
  compare(room: RoomRow, members: readonly MemberRow[]): Damage | undefined {
    return this.#compareRoom(room) ?? this.#compareMembers(members)
  }

  #applyMessage(revision: Revision): Damage | undefined {
    const { message_id, change_id, payload } = revision
    if (message_id !== change_id)
      return invalid(revision, 'its message_id is not its change_id', 'message_id')
    const sequence_number = payload['sequence_number']
    const expected = this.#last_sequence + 1
    if (sequence_number !== expected)
      return damage('sequence_broken', `message ${String(sequence_number)} is not ${expected}`, {
        revision: revision.revision,
        sequence_number: expected,
      })
    this.#last_sequence = expected
    return undefined
  }

  #applyDetails(details: Readonly<Record<string, unknown>>, at: number): void {
    this.#updated_at = at
    for (const field of detailFields) {
      const value = details[field]
      if (value !== undefined && value !== null) this.#details.set(field, value)
    }
  }

  #compareRoom(room: RoomRow): Damage | undefined {
    if (room.last_sequence !== this.#last_sequence)
      return damage(
        'counter_wrong',
        `the room counts ${room.last_sequence} messages, the revisions ${this.#last_sequence}`,
        { sequence_number: this.#last_sequence, field: 'last_sequence' },
      )
    const told: Record<string, unknown> = {
      ...Object.fromEntries(this.#details),
      created_by: this.#created?.actor_id,
      created_at: this.#created?.at,
      updated_at: this.#updated_at,
      last_activity_at: this.#last_activity_at,
    }
    for (const [field, value] of Object.entries(told))
      if (!isSame(room[field as keyof RoomRow], value))
        return damage('room_altered', 'the room is not as its revisions say', { field })
    return undefined
  }

  #compareMembers(members: readonly MemberRow[]): Damage | undefined {
    const missing = new Set(this.#members.keys())
    for (const { user_id, role, joined_at } of members) {
      const held = this.#members.get(user_id)
      if (!held)
        return damage('member_unexpected', 'no revision made this person a member', { user_id })
      const field = held.role === role ? 'joined_at' : 'role'
      if (held.role !== role || held.joined_at !== joined_at)
        return damage('member_altered', 'the member is not as the revisions say', {
          user_id,
          field,
        })
      missing.delete(user_id)
    }
    const [user_id] = missing
    return user_id === undefined
      ? undefined
      : damage('member_missing', 'no revision removed this member', { user_id })
  }
}

const invalid = ({ revision, kind }: Revision, why: string, field?: string): Damage =>
  damage('revision_invalid', `${kind}: ${why}`, {
    revision,
    ...(field === undefined ? {} : { field }),
  })

/** Values of JSON; of the room's columns only `lots` is more than a scalar. */
const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other)
