/** A one-way message as a shard of the buffer keeps it. */
import type { ErrorCode } from '../../protocol/errors.ts'
import type { OneWayMessage, OneWayStatus, Priority } from '../../protocol/one-way.ts'

/** High is 0: the order of a query is the order of priorities. */
export const priorities = ['high', 'normal', 'low'] as const satisfies readonly Priority[]

export type Level = 0 | 1 | 2

export const levels = [0, 1, 2] as const satisfies readonly Level[]

export const levelOf = (priority: Priority): Level =>
  priority === 'high' ? 0 : priority === 'normal' ? 1 : 2

/** `webhook` is our own: what becomes of a message, told to its sender's webhook (DISP-5). */
export type StoredType = OneWayMessage['recipient']['type'] | 'webhook'

/** Milliseconds since the epoch of Unix. */
type Instant = number

/** Enough of it to send it. */
export type WaitingRow = {
  readonly seq: number
  readonly tracking_id: string
  readonly epoch: number
  readonly sender_id: string
  readonly recipient_type: StoredType
  readonly recipient_id: string
  /** Of what keeps its order: sender, recipient and priority. */
  readonly queue: number
  readonly level: Level
  readonly idempotency_key: string | null
  readonly bytes: number
  readonly status: OneWayStatus
  readonly attempts: number
  readonly accepted_at: Instant
  readonly next_attempt_at: Instant | null
  /** JSON of `Body`. */
  readonly body: string
}

/** What is kept until it is final; a dead one keeps it for a retry. */
export type Body = Pick<
  OneWayMessage,
  'content' | 'message_type' | 'mentions' | 'reply_to' | 'file_id' | 'subject'
>

export type StoredReason = { readonly code: ErrorCode; readonly message: string }

/** Where a row waits: a room by itself, all of another kind together. */
export const destinationOf = (type: StoredType, id: string): string =>
  type === 'room' ? `room ${id}` : type

/** What a row is counted as besides its body: ids, key, times, and its part of the indexes. */
export const ROW_OVERHEAD_BYTES = 400
