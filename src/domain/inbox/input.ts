/** Everything that can happen to a shard of the inbox. Time and ids come in with it. */
import type { Refusal } from '../../protocol/errors.ts'
import type { Notice, OneWayFrame } from '../../protocol/one-way.ts'
import type { RoomNews } from './news.ts'
import type { InboxRows, MovedMark } from './rows.ts'
import type { InboxSettings } from './settings.ts'
import type { Instant, Mark, SocketId } from './state.ts'

type At = { readonly now: Instant }

export type InboxInput = At &
  (
    | { readonly type: 'connected'; readonly socket: NewInboxSocket }
    | {
        readonly type: 'received'
        readonly socket: SocketId
        readonly data: string | ArrayBuffer
      }
    | { readonly type: 'closed'; readonly socket: SocketId }
    | { readonly type: 'tick' }
    /** Other settings are in force (OPS-4). */
    | { readonly type: 'configured'; readonly settings: InboxSettings }
    /** A room tells its news. */
    | { readonly type: 'heard'; readonly news: RoomNews }
    /** Somebody became a member of a room outside of its news: whoever opens a room. */
    | { readonly type: 'joined'; readonly room_id: string; readonly user_id: string }
    /** Read marks were moved elsewhere. */
    | {
        readonly type: 'marks_moved'
        readonly room_id: string
        readonly marks: readonly MovedMark[]
      }
    /** What became of one-way messages that this person posted (DISP-5). */
    | {
        readonly type: 'one_way_told'
        readonly user_id: string
        readonly told: OneWayTold
      }
    /** A one-way message to this person; Postgres has it. */
    | { readonly type: 'noticed'; readonly user_id: string; readonly notice: Notice }
    /** Answers to the effects of the same names. Undefined: it cannot be read now. */
    | { readonly type: 'inboxes_read'; readonly rows: InboxRows | undefined }
    | {
        readonly type: 'parts_read'
        readonly asked: readonly (readonly [string, string])[]
        readonly rows: Pick<InboxRows, 'rooms' | 'parts'> | undefined
      }
    | {
        readonly type: 'watch_answered'
        readonly room_id: string
        readonly answer: { readonly revision: number | null } | undefined
      }
    | { readonly type: 'marks_written'; readonly results: readonly MarkResult[] }
    | {
        readonly type: 'authenticated'
        readonly socket: SocketId
        readonly ref: string | undefined
        readonly result: { readonly user_id: string; readonly expires_at: Instant } | undefined
      }
  )

export type OneWayTold = Omit<OneWayFrame, 'type'>

export type NewInboxSocket = {
  readonly id: SocketId
  readonly user_id: string
  readonly display_name: string
  readonly token_expires_at: Instant
}

/** What became of a mark that was asked for on a socket. */
export type MarkResult = {
  readonly mark: Mark
  readonly moved: MovedMark | Refusal
}
