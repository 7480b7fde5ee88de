/** What a page that was read again says about the rows that are held. Pure. */
import type { OneWayOutcome, OneWayStatus, OneWayTracking } from '../../../src/protocol/one-way.ts'

/** Nothing more will happen to it by itself. */
export const isFinal = (status: OneWayStatus): boolean =>
  status === 'committed' || status === 'delivered' || status === 'rejected' || status === 'dead'

export type ReadPage = {
  /** Ids below this one were asked for; undefined: the newest. */
  readonly before: string | undefined
  /** Newest first. */
  readonly messages: readonly OneWayTracking[]
  readonly has_more: boolean
}

/**
 * Ids are UUIDv7, so their order is that of posting. The page is the whole truth about its range:
 * what is new there comes in, what no longer matches goes. Undefined where so much is new that
 * there is a gap below it.
 */
export const withPage = (
  held: readonly OneWayTracking[],
  { before, messages, has_more }: ReadPage,
): readonly OneWayTracking[] | undefined => {
  const lowest = has_more ? (messages.at(-1)?.tracking_id ?? '') : ''
  const above = held.filter(({ tracking_id }) => before !== undefined && tracking_id >= before)
  const below = held.filter(({ tracking_id }) => tracking_id < lowest)
  const has_gap = has_more && above.length + below.length === held.length
  return has_gap ? undefined : [...above, ...messages, ...below]
}

/** What the inbox told, before anything is read again. */
export const withOutcomes = (
  held: readonly OneWayTracking[],
  outcomes: readonly OneWayOutcome[],
): readonly OneWayTracking[] => {
  const by_id = new Map(outcomes.map((outcome) => [outcome.tracking_id, outcome]))
  return held.map((message) => {
    const outcome = by_id.get(message.tracking_id)
    if (outcome === undefined) return message
    const { status, reason, at } = outcome
    return { ...message, status, reason, finished_at: at, next_attempt_at: null }
  })
}
