/** Which sizes of the pool are worth measuring, and which of those measured is the knee. */
import type { Point } from './point.ts'

/** More connections than that share of the best brings are not worth their cost. */
const SHARE_OF_BEST = 0.95

/** A size whose slowest calls are so much slower than those of its equals is none of them. */
const P99_MAX_FACTOR = 1.5

/** What comes of one doubling is noise below this. */
const GAIN_MIN = 1.05

/**
 * The smallest size with at least 95 % of the best throughput, and no slower at the 99th percentile
 * than half as much again as the quickest of those; without failures, where there is any such.
 * @returns undefined where nothing was measured
 */
export const kneeOf = (points: readonly Point[]): Point | undefined => {
  const sound = points.filter(({ failed }) => failed === 0)
  const counted = sound.length > 0 ? sound : points
  const best = Math.max(...counted.map(({ per_second }) => per_second))
  const good = counted.filter(({ per_second }) => per_second >= best * SHARE_OF_BEST)
  const quickest = Math.min(...good.map(({ p99_ms }) => p99_ms))
  return good
    .filter(({ p99_ms }) => p99_ms <= quickest * P99_MAX_FACTOR)
    .toSorted((one, other) => one.size - other.size)[0]
}

/**
 * 1, 2, 4, … up to `max` while it pays, then the sizes half-way around the knee.
 * @returns undefined: all is known
 */
export const nextSize = (points: readonly Point[], max: number): number | undefined => {
  const sorted = points.toSorted((one, other) => one.size - other.size)
  const last = sorted.at(-1)
  if (!last) return 1
  const largest = doublings(max).find((size) => size > last.size)
  if (largest !== undefined && stillPays(sorted)) return largest
  return aroundTheKnee(sorted)
}

/** Powers of two, and what is allowed at most. */
const doublings = (max: number): number[] => {
  const sizes = []
  for (let size = 1; size < max; size *= 2) sizes.push(size)
  return [...sizes, max]
}

/** Two doublings in a row that brought nothing: the third will not, either. */
const stillPays = (sorted: readonly Point[]): boolean => {
  const [before, ...rest] = sorted.slice(-3)
  if (!before || rest.length < 2) return true
  return rest.some(({ per_second }) => per_second > before.per_second * GAIN_MIN)
}

const aroundTheKnee = (sorted: readonly Point[]): number | undefined => {
  const knee = kneeOf(sorted)
  if (!knee) return undefined
  const at = sorted.indexOf(knee)
  const [below, above] = [sorted[at - 1], sorted[at + 1]]
  const gaps = [below && [below.size, knee.size], above && [knee.size, above.size]]
  for (const gap of gaps) {
    const [from = 0, to = 0] = gap ?? []
    const middle = Math.round((from + to) / 2)
    // Finer than a fifth says nothing on a machine that is not alone.
    if (to - from > Math.max(1, from / 5) && middle > from && middle < to) return middle
  }
  return undefined
}
