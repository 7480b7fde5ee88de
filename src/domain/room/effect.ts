/** Everything a room can ask of its shell. Texts are encoded frames: once, however many receive. */
import type { CloseCode } from '../../protocol/close-codes.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { MemberNews, RoomNews } from '../inbox/news.ts'
import type { MovedMark } from '../inbox/rows.ts'
import type { LeaseRequest } from '../limits/lease.ts'
import type { BurstReply, BurstRequest, CommitRequest } from './commit.ts'
import type { Instant, Lane, Reply, SocketId } from './state.ts'
import type { Attachment } from './attachment.ts'
import type { Marks } from './reading.ts'
import type { TellPushes } from './pushing.ts'

/**
 * fresh: it named no revision, or not yet. The others say how one that did was brought up to date:
 * it missed nothing, heard what it missed, or begins with a snapshot.
 */
export type JoinOutcome = 'fresh' | 'current' | 'replay' | 'snapshot'

export type Effect =
  | { readonly type: 'send'; readonly socket: SocketId; readonly texts: readonly string[] }
  | {
      readonly type: 'broadcast'
      readonly sockets: readonly SocketId[]
      readonly texts: readonly string[]
    }
  | {
      readonly type: 'close'
      readonly socket: SocketId
      readonly code: CloseCode
      readonly reason: string
    }
  /** Remember this with the socket; it survives hibernation. */
  | { readonly type: 'attach'; readonly socket: SocketId; readonly attachment: Attachment }
  | { readonly type: 'commit'; readonly request: Omit<CommitRequest, 'room_id'> }
  /** The same in one transaction (DISP-7); also answered by `committed`. */
  | { readonly type: 'commit_burst'; readonly request: Omit<BurstRequest, 'room_id'> }
  /**
   * A commit call was answered, and everybody has heard: when it was sent, and when each message
   * came that it wrote (OPS-1).
   */
  | {
      readonly type: 'settled'
      readonly lane: Lane
      readonly sent_at: Instant
      readonly received: readonly Instant[]
    }
  /** A socket was let in, or brought up to date; for those who count (OPS-1). */
  | { readonly type: 'joined'; readonly outcome: JoinOutcome }
  /** A socket was told that something is not done; for those who count. */
  | { readonly type: 'refused'; readonly code: ErrorCode }
  /** Deliver `gathered` after so long. Lost with the memory, like what it waits for. */
  | { readonly type: 'gather'; readonly ms: number }
  /** Asks for part of a person's budget. Deliver `leased`, within a moment. */
  | { readonly type: 'lease'; readonly request: LeaseRequest }
  /** Deliver `looked` after so long. Lost with the memory, like the call that it watches. */
  | { readonly type: 'look_again'; readonly ms: number }
  | { readonly type: 'load' }
  /** The members' display names as they are now. */
  | { readonly type: 'read_names' }
  | {
      readonly type: 'read_changes'
      readonly purpose: 'catch_up' | 'replay'
      readonly after: number
      readonly upto: number | undefined
      readonly limit: number
    }
  /** The newest messages as of a revision, for a snapshot. */
  | {
      readonly type: 'read_messages'
      readonly socket: SocketId
      readonly upto: number
      readonly limit: number
    }
  | {
      readonly type: 'authenticate'
      readonly socket: SocketId
      readonly token: string
      readonly ref: string | undefined
    }
  /** One call to one shard of the inbox; nothing waits for it. Deliver `told`. */
  | {
      readonly type: 'notify'
      readonly shard: number
      readonly watch: number | undefined
      readonly attempt: number
      readonly news: RoomNews
    }
  /** Keep these in storage, unconfirmed: they survive the sockets. */
  | { readonly type: 'keep_watchers'; readonly watchers: readonly number[] }
  | {
      readonly type: 'owe_activity'
      readonly owed: readonly MemberNews[] | undefined
    }
  /** Write read marks: person and sequence number. */
  | { readonly type: 'move_marks'; readonly marks: Marks }
  /** Keep these in storage, unconfirmed, in place of those kept before. */
  | { readonly type: 'keep_marks'; readonly marks: Marks }
  | {
      readonly type: 'tell_marks'
      readonly shard: number
      readonly marks: readonly MovedMark[]
    }
  /** One call to the pushes; nothing waits for it. Deliver `pushes_told`. */
  | TellPushes
  | { readonly type: 'reply'; readonly request: string; readonly reply: Reply }
  | { readonly type: 'burst_reply'; readonly request: string; readonly reply: BurstReply }
