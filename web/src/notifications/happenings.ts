/**
 * What of the inbox's frames is worth telling: each message once, of others only, and not what is
 * read on another device already. Pure but for what it remembers of each room.
 */
import type { InboxDownFrame, InboxRoom } from '../../../src/protocol/inbox.ts'
import type { Notice } from '../../../src/protocol/one-way.ts'

/** As much as a notification shows. */
const NOTICE_PREVIEW_MAX_LENGTH = 200

export type Happening = RoomHappening | NoticeHappening

/** A one-way message to this person. */
export type NoticeHappening = Pick<Notice, 'notice_id' | 'sender_display_name' | 'priority'> & {
  readonly kind: 'notice'
  readonly preview: string
}

type RoomHappening = {
  readonly kind: 'mention' | 'message'
  readonly room_id: string
  readonly message_id?: string
  readonly sequence_number: number
  readonly sender_display_name: string
  readonly preview: string
  /** Mentions that were missed while there was no connection. */
  readonly missed_count?: number
}

type Known = { last_sequence: number; mention_count: number; mentioned_at: number }

export class Happenings {
  readonly #user_id: string
  readonly #rooms = new Map<string, Known>()
  #is_welcomed = false
  #noticed_id: string | undefined

  constructor(user_id: string) {
    this.#user_id = user_id
  }

  take(frame: InboxDownFrame): readonly Happening[] {
    switch (frame.type) {
      case 'inbox_welcome': {
        const missed = this.#is_welcomed ? frame.rooms.flatMap((room) => this.#missed(room)) : []
        this.#is_welcomed = true
        // What the inbox repeats of before is on the cards already.
        for (const room of frame.rooms) this.#learn(room.room_id, room, room.last_sequence)
        return missed
      }
      case 'room_added':
        this.#learn(frame.room.room_id, frame.room)
        return []
      case 'room_removed':
        this.#rooms.delete(frame.room_id)
        return []
      case 'read':
        this.#learn(frame.room_id, frame)
        return []
      case 'mention':
        return this.#mentioned(frame)
      case 'activity':
        return this.#said(frame)
      case 'notice':
        return this.#noticed(frame.notice)
      default:
        return []
    }
  }

  /** A greeting tells how things stand, not who said what. */
  #missed(room: InboxRoom): Happening[] {
    const known = this.#rooms.get(room.room_id)
    if (known === undefined || room.mention_count <= known.mention_count) return []
    return [
      {
        kind: 'mention',
        room_id: room.room_id,
        sequence_number: room.last_sequence,
        sender_display_name: '',
        preview: '',
        missed_count: room.mention_count - known.mention_count,
      },
    ]
  }

  #mentioned(frame: Extract<InboxDownFrame, { type: 'mention' }>): Happening[] {
    const { room_id, message_id, sequence_number, sender_display_name, preview } = frame
    const known = this.#rooms.get(room_id)
    const is_new = sequence_number > (known?.mentioned_at ?? 0)
    this.#learn(room_id, frame, sequence_number)
    if (!is_new || sequence_number <= frame.read_sequence || frame.sender_id === this.#user_id)
      return []
    return [{ kind: 'mention', room_id, message_id, sequence_number, sender_display_name, preview }]
  }

  #noticed({ notice_id, sender_display_name, priority, content, read_at }: Notice): Happening[] {
    if (read_at !== null || notice_id === this.#noticed_id) return []
    this.#noticed_id = notice_id
    const preview = content.slice(0, NOTICE_PREVIEW_MAX_LENGTH)
    return [{ kind: 'notice', notice_id, sender_display_name, priority, preview }]
  }

  #said(frame: Extract<InboxDownFrame, { type: 'activity' }>): Happening[] {
    const { room_id, last_sequence, last_message } = frame
    const known = this.#rooms.get(room_id)
    const is_new =
      last_sequence > Math.max(known?.last_sequence ?? last_sequence - 1, known?.mentioned_at ?? 0)
    this.#learn(room_id, frame)
    if (!is_new || last_sequence <= frame.read_sequence || last_message === null) return []
    const { sender_id, message_type, sender_display_name, preview } = last_message
    if (sender_id === this.#user_id || message_type === 'system') return []
    return [
      { kind: 'message', room_id, sequence_number: last_sequence, sender_display_name, preview },
    ]
  }

  #learn(
    room_id: string,
    told: { readonly last_sequence?: number; readonly mention_count: number },
    mentioned_at = 0,
  ): void {
    const known = this.#rooms.get(room_id)
    this.#rooms.set(room_id, {
      last_sequence: told.last_sequence ?? known?.last_sequence ?? mentioned_at,
      mention_count: told.mention_count,
      mentioned_at: Math.max(mentioned_at, known?.mentioned_at ?? 0),
    })
  }
}
