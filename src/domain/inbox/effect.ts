/** Everything a shard of the inbox can ask of its shell. Texts are encoded frames. */
import type { CloseCode } from '../../protocol/close-codes.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { InboxAttachment, Mark, SocketId } from './state.ts'

export type InboxEffect =
  | {
      readonly type: 'send'
      readonly sockets: readonly SocketId[]
      readonly texts: readonly string[]
    }
  | {
      readonly type: 'close'
      readonly socket: SocketId
      readonly code: CloseCode
      readonly reason: string
    }
  /** For the count of refusals alone; the socket has been told. */
  | { readonly type: 'refused'; readonly code: ErrorCode }
  | { readonly type: 'attach'; readonly socket: SocketId; readonly attachment: InboxAttachment }
  /** All rooms of these people; one such read at a time. */
  | { readonly type: 'read_inboxes'; readonly user_ids: readonly string[] }
  /** Pairs of room and person; one such read at a time. */
  | { readonly type: 'read_parts'; readonly pairs: readonly (readonly [string, string])[] }
  /** Ask the room to tell its news from now on. */
  | { readonly type: 'watch'; readonly room_id: string }
  /** Keep in storage that the room does, or no longer. */
  | { readonly type: 'keep_watch'; readonly room_id: string; readonly isWatched: boolean }
  | { readonly type: 'write_marks'; readonly marks: readonly Mark[] }
  /** Keep in storage, unconfirmed. */
  | { readonly type: 'owe'; readonly owed: boolean }
  | {
      readonly type: 'authenticate'
      readonly socket: SocketId
      readonly token: string
      readonly ref: string | undefined
    }
