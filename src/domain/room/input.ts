/** Everything that can happen to a room. Time, ids and chance come in with it. */
import type { Refusal } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/message.ts'
import type { Lease } from '../limits/lease.ts'
import type { Told } from './activity.ts'
import type { CommitItem, CommitOutcome, MessageItem, ReadChanges } from './commit.ts'
import type { PushesTold } from './pushing.ts'
import type { MarksMoved } from './reading.ts'
import type { RoomSettings } from './settings.ts'
import type { Instant, RoomSnapshot, SocketId } from './state.ts'

export type Input =
  /** A socket was accepted; its person passed the gate. */
  | {
      readonly type: 'connected'
      readonly now: Instant
      readonly socket: NewSocket
      readonly since_revision: number | undefined
    }
  /** A frame came; `id` is a fresh UUIDv7 for what it may create. */
  | {
      readonly type: 'received'
      readonly now: Instant
      readonly socket: SocketId
      readonly data: string | ArrayBuffer
      readonly id: string
    }
  | { readonly type: 'closed'; readonly now: Instant; readonly socket: SocketId }
  | { readonly type: 'tick'; readonly now: Instant }
  /** Other settings are in force (OPS-4). */
  | { readonly type: 'configured'; readonly now: Instant; readonly settings: RoomSettings }
  /** Somebody outside needs the record; loads it. */
  | { readonly type: 'needed'; readonly now: Instant }
  /** A REST caller's item; answered by a `reply` effect of the same request id. */
  | {
      readonly type: 'submitted'
      readonly now: Instant
      readonly request: string
      readonly item: CommitItem
      readonly is_admin: boolean
    }
  /** Messages of the burst lane; answered by a `burst_reply` effect of the same request id. */
  | {
      readonly type: 'burst_submitted'
      readonly now: Instant
      readonly request: string
      readonly items: readonly MessageItem[]
    }
  /** Of the call that is in flight, in either lane. `chance` in [0, 1) spreads the retries of many rooms. */
  | {
      readonly type: 'committed'
      readonly now: Instant
      readonly outcome: CommitOutcome
      readonly chance: number
    }
  /** The moment that a `gather` effect asked for is over. */
  | { readonly type: 'gathered'; readonly now: Instant }
  /** What became of a `lease` effect. */
  | {
      readonly type: 'leased'
      readonly now: Instant
      readonly user_id: string
      readonly lease: Lease
    }
  /** The moment that a `look_again` effect asked for is over. */
  | { readonly type: 'looked'; readonly now: Instant }
  | { readonly type: 'loaded'; readonly now: Instant; readonly result: LoadResult }
  /** Undefined where they cannot be read now: the old ones do. */
  | {
      readonly type: 'names_read'
      readonly now: Instant
      readonly names: ReadonlyMap<string, string> | undefined
    }
  | {
      readonly type: 'changes_read'
      readonly now: Instant
      readonly purpose: 'catch_up' | 'replay'
      readonly result: ReadChanges
      readonly chance: number
    }
  | {
      readonly type: 'messages_read'
      readonly now: Instant
      readonly socket: SocketId
      readonly upto: number
      readonly messages: readonly Message[] | undefined
    }
  /** A shard of the inbox has people of this room connected. */
  | { readonly type: 'watched'; readonly now: Instant; readonly shard: number }
  /** What became of a `notify` effect. */
  | ({ readonly type: 'told'; readonly now: Instant } & Told)
  /** What became of a `move_marks` effect. */
  | ({ readonly type: 'marks_moved'; readonly now: Instant } & MarksMoved)
  /** What became of a `tell_pushes` effect. */
  | ({ readonly type: 'pushes_told'; readonly now: Instant } & PushesTold)
  /** Somebody of this room has a browser to push to, or another level. */
  | { readonly type: 'push_wanted'; readonly now: Instant }
  /** A token sent in an `auth` frame was checked. */
  | {
      readonly type: 'authenticated'
      readonly now: Instant
      readonly socket: SocketId
      readonly ref: string | undefined
      readonly result: { readonly user_id: string; readonly expires_at: Instant } | undefined
    }

export type LoadResult =
  | { readonly kind: 'loaded'; readonly snapshot: RoomSnapshot }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }

export type NewSocket = {
  readonly id: SocketId
  readonly user_id: string
  readonly display_name: string
  readonly is_admin: boolean
  readonly batch: boolean
  readonly token_expires_at: Instant
}
