/** A percentile of a histogram: linear inside its bucket, as Prometheus' `histogram_quantile`. */

/**
 * @param share 0 to 1
 * @param counts per bucket, one more than there are bounds
 * @param bounds upper bounds, ascending
 * @returns in the bounds' unit; what is above all bounds is put at the last. Null: nothing measured
 */
export const percentile = (
  share: number,
  counts: readonly number[],
  bounds: readonly number[],
): number | null => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = share * total
  let below = 0
  for (const [bucket, count] of counts.entries()) {
    const upper = bounds[bucket]
    if (upper === undefined) break
    if (count > 0 && below + count >= rank) {
      const lower = bounds[bucket - 1] ?? 0
      return lower + ((upper - lower) * Math.max(0, rank - below)) / count
    }
    below += count
  }
  return bounds.at(-1) ?? null
}
