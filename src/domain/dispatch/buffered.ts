/** One-way messages on their way: what the Worker hands to a shard of the buffer, and back. */
import type { OneWayMessage, OneWayStatus, OneWayTracking } from '../../protocol/one-way.ts'
import type { Refusal } from '../../protocol/errors.ts'

/** Messages of one sender for one shard, in the order in which they were posted. */
export type AcceptRequest = {
  readonly sender_id: string
  /** Of the layout by which the caller chose the shard. */
  readonly epoch: number
  /** Names this call; the same where it is repeated because its answer was lost. */
  readonly request_id: string
  /**
   * The call may have come before, and only then the shard has to look: what it has of the same
   * `request_id` and place is answered, not accepted again. It looks before it answers `moved`.
   */
  readonly is_repeat: boolean
  readonly messages: readonly OneWayMessage[]
}

export type Accepted = {
  readonly ok: true
  readonly tracking_id: string
  /** Another than `accepted` where it was posted before. */
  readonly status: OneWayStatus
}

/** What became of one message that was handed over. */
export type Handed = Accepted | { readonly ok: false; readonly refusal: Refusal }

export type AcceptAnswer =
  /** One per message, in order. Those accepted are durable. */
  | {
      readonly kind: 'answered'
      readonly results: readonly Handed[]
    }
  /** The layout has changed: choose again by the one in force. Nothing was accepted. */
  | { readonly kind: 'moved'; readonly epoch: number }

export type TrackingFilter = {
  readonly sender_id: string
  readonly status?: OneWayStatus | undefined
  readonly recipient_type?: string | undefined
  readonly recipient_id?: string | undefined
  /** Tracking ids below this one, which are the earlier ones. */
  readonly before?: string | undefined
  readonly limit: number
}

export type Tracked = OneWayTracking & { readonly sender_id: string }
