/** What a delivery says of a message, and what that makes of the message (DISP-6, DISP-11). */
import { isRetryable } from '../../protocol/retryable.ts'
import type { ItemResult } from '../room/commit.ts'
import { backoffMs } from './backoff.ts'
import type { StoredReason, WaitingRow } from './row.ts'
import type { DispatchSettings } from './settings.ts'

/** Of one message, in a batch that was answered. */
export type Verdict =
  | {
      readonly kind: 'committed'
      readonly message_id: string
      readonly sequence_number: number
      readonly revision: number
    }
  | { readonly kind: 'delivered'; readonly provider_id: string | null }
  | { readonly kind: 'rejected'; readonly reason: StoredReason }
  /** An attempt that failed. */
  | {
      readonly kind: 'troubled'
      readonly reason: StoredReason
      readonly retry_after_ms?: number | undefined
      /** Whoever was asked is away for all: it is not given up for that. */
      readonly is_outage?: boolean
    }
  /** No attempt was made, or none that counts. */
  | { readonly kind: 'untried' }

/** Of a whole batch. */
export type Reply =
  | {
      readonly kind: 'answered'
      /** One per message, in order. */
      readonly verdicts: readonly Verdict[]
      /** How the room fares (LIM-2). */
      readonly level: number
      /** Of those that were not tried: not to be asked again before. */
      readonly retry_after_ms?: number | undefined
    }
  /** Whoever takes them is away or busy, which is no message's fault. */
  | { readonly kind: 'away'; readonly retry_after_ms: number | undefined }
  /** It broke, and one of the messages may be why. */
  | { readonly kind: 'failed'; readonly reason: string }

export const verdictOfItem = (result: ItemResult, tracking_id: string): Verdict => {
  switch (result.status) {
    case 'committed':
      return { ...placeIn(result), kind: 'committed', message_id: tracking_id }
    case 'duplicate':
      return { ...placeIn(result), kind: 'committed', message_id: result.message_id }
    case 'refused': {
      const { code, message } = result
      if (!isRetryable(code)) return { kind: 'rejected', reason: { code, message } }
      return { kind: 'troubled', reason: { code, message } }
    }
    case 'room_gone':
      return { kind: 'rejected', reason: { code: 'not_found', message: 'no such room' } }
    default:
      // Not written, for a reason that lies with the room: it goes again.
      return { kind: 'untried' }
  }
}

const placeIn = ({
  sequence_number,
  revision,
}: {
  readonly sequence_number: number
  readonly revision: number
}) => ({ sequence_number, revision })

/** What a message becomes. */
export type Outcome =
  | Exclude<Verdict, { readonly kind: 'troubled' | 'untried' }>
  | { readonly kind: 'dead'; readonly reason: StoredReason }
  | {
      readonly kind: 'retrying'
      readonly reason: StoredReason
      readonly next_attempt_at: number
    }

/** Undefined: it waits as before. */
export const outcomeOf = (
  verdict: Verdict,
  { attempts }: Pick<WaitingRow, 'attempts'>,
  { now, chance }: { readonly now: number; readonly chance: number },
  settings: DispatchSettings,
): Outcome | undefined => {
  if (verdict.kind === 'untried') return undefined
  if (verdict.kind !== 'troubled') return verdict
  const { reason, retry_after_ms = 0, is_outage = false } = verdict
  if (!is_outage && attempts + 1 >= settings.attempts_max_count) return { kind: 'dead', reason }
  const pause_ms = Math.max(retry_after_ms, backoffMs(attempts + 1, chance, settings))
  return { kind: 'retrying', reason, next_attempt_at: now + pause_ms }
}
