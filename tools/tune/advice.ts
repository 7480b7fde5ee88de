/** What the measurements recommend for this database, and of what they warn. */
import type { Facts } from './facts.ts'
import { kneeOf } from './knee.ts'
import type { Point } from './point.ts'

export type Advice = {
  readonly DB_POOL_SIZE: number
  readonly DB_MAX_OVERFLOW: number
  readonly DB_GATEWAY_SHARDS: number
  /** A sentence for each. */
  readonly why: readonly string[]
}

/** Left to people with psql, to migrations and to whatever else wants in. */
const SPARE_SHARE = 0.2

/** What one gateway, a single thread, does without being what is waited for. */
const CALLS_PER_GATEWAY_PER_S = 2_000
const GATEWAYS_MAX = 64

/** The most that the settings take. */
const POOL_MAX = 500

export const connectionsLeft = (facts: Facts): number =>
  Math.max(0, facts.max_connections - facts.reserved_connections - facts.other_connections)

/** @returns undefined where nothing was measured */
export const adviceFor = (points: readonly Point[], facts: Facts): Advice | undefined => {
  const knee = kneeOf(points)
  if (!knee) return undefined
  const usable = Math.max(1, Math.floor(connectionsLeft(facts) * (1 - SPARE_SHARE)))
  const size = Math.min(knee.size, usable, POOL_MAX)
  const overflow = Math.max(0, Math.min(Math.ceil(size / 2), usable - size, POOL_MAX))
  const needed = Math.max(size >= 4 ? 2 : 1, Math.ceil(knee.per_second / CALLS_PER_GATEWAY_PER_S))
  const shards = Math.min(size, needed, GATEWAYS_MAX)
  const largest = points.reduce((one, other) => (other.size > one.size ? other : one))
  return {
    ...{ DB_POOL_SIZE: size, DB_MAX_OVERFLOW: overflow, DB_GATEWAY_SHARDS: shards },
    why: [
      `DB_POOL_SIZE: ${knee.size} connections write ${round(knee.per_second)} messages/s; ` +
        (largest === knee
          ? 'more were not tried, so try again with a larger --max.'
          : `${largest.size} write ${round(largest.per_second)}.`) +
        (size < knee.size ? ` The database has only ${usable} to give, a fifth kept back.` : ''),
      `DB_MAX_OVERFLOW: half as many again for a burst of readers, within the ${usable} that the ` +
        'database can give.',
      `DB_GATEWAY_SHARDS: one for each ${round(CALLS_PER_GATEWAY_PER_S)} calls/s` +
        (shards > 1 ? ', and two at least, so that one that restarts is not all.' : '.'),
    ],
  }
}

/** In the order in which they matter. */
export const warningsFor = (facts: Facts): string[] => [
  ...(facts.host.includes('-pooler.')
    ? [
        `${facts.host} is a pooler: it hands out its own connections, so its knee is not the ` +
          "database's. Name the direct host; Muster keeps its connections itself.",
      ]
    : []),
  ...(facts.fsync
    ? []
    : ['fsync is off: what is committed may be lost, and looks faster than it is.']),
  ...(facts.synchronous_commit
    ? []
    : [
        'synchronous_commit is off: commits are promised before they are written, which looks faster than it is.',
      ]),
  ...(connectionsLeft(facts) < 20
    ? [
        `Only ${connectionsLeft(facts)} of ${facts.max_connections} connections are left; a larger ` +
          'compute size, or max_connections, gives more.',
      ]
    : []),
]

const round = (per_second: number): string => Math.round(per_second).toLocaleString('en-US')
