/**
 * Where a message spends its time (OPS-3): before its commit in the room's queue, in the commit
 * waiting for a connection, in the commit at the database. Pure: from the lines of the last
 * minutes to one verdict, which the page says in one sentence.
 *
 * A queue in front of a slow commit is the commit's fault, and a wait for connections that slow
 * statements hold is the database's; so the verdict goes from the bottom up.
 */
import type { SeriesName, SeriesRange } from '../../../src/protocol/operations.ts'
import { medianOf, valuesOf } from './series-values.ts'

export type Verdict =
  /** Messages come through quickly. */
  | 'fine'
  /** Statements are quick, but one waits for a connection: the pool is too small. */
  | 'pool_wait'
  /** Statements themselves are slow. */
  | 'database'
  /** Statements are slow, and one waits far longer for a connection than they take. */
  | 'both'
  /** Commits are quick, but messages wait for their turn: one room is too hot. */
  | 'room'
  /** Commits are slow, and neither waiting nor statements show why. */
  | 'elsewhere'
  /** Nothing was measured. */
  | 'unknown'

/** The 99th percentiles in milliseconds; null: nothing was measured. */
export type Spent = {
  readonly queue_ms: number | null
  readonly pool_wait_ms: number | null
  readonly statement_ms: number | null
  readonly commit_ms: number | null
  readonly broadcast_ms: number | null
}

export type Diagnosis = Spent & { readonly verdict: Verdict }

/** What people notice in a conversation; below it nothing needs to be done. */
export const SLOW_MS = 250

/** Short enough that a change is seen soon. */
const window_ms = 60_000

/** Of the last minute, what most of it was like: one slow moment decides nothing. */
export const diagnosisOf = (range: SeriesRange): Diagnosis => {
  const count = Math.max(1, Math.round(window_ms / range.step_ms))
  const usual = (name: SeriesName): number | null => medianOf(valuesOf(range, name, null), count)
  const spent: Spent = {
    queue_ms: usual('queue_p99'),
    pool_wait_ms: usual('pool_wait_p99'),
    statement_ms: usual('statement_p99'),
    commit_ms: usual('commit_p99'),
    broadcast_ms: usual('broadcast_p99'),
  }
  return { ...spent, verdict: verdictOf(spent) }
}

export const verdictOf = (spent: Spent): Verdict => {
  const { queue_ms, pool_wait_ms, statement_ms, commit_ms, broadcast_ms } = spent
  if ([queue_ms, pool_wait_ms, commit_ms, broadcast_ms].every((ms) => ms === null)) return 'unknown'
  const is_commit_slow = isSlow(commit_ms) || isSlow(pool_wait_ms)
  if (is_commit_slow && isSlow(statement_ms))
    return (pool_wait_ms ?? 0) > 2 * (statement_ms ?? 0) ? 'both' : 'database'
  if (isSlow(pool_wait_ms)) return 'pool_wait'
  // Slow together where each alone is not.
  if (isSlow((pool_wait_ms ?? 0) + (statement_ms ?? 0)) && is_commit_slow)
    return (pool_wait_ms ?? 0) >= (statement_ms ?? 0) ? 'pool_wait' : 'database'
  if (is_commit_slow) return 'elsewhere'
  return isSlow(queue_ms) ? 'room' : isSlow(broadcast_ms) ? 'elsewhere' : 'fine'
}

const isSlow = (ms: number | null): boolean => ms !== null && ms >= SLOW_MS
