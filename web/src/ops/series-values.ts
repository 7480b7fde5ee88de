/** Reads lines out of a range of series. Pure. */
import type { SeriesName, SeriesRange } from '../../../src/protocol/operations.ts'

export type Values = readonly (number | null)[]

/**
 * @param shard of the lines that come once per shard; null: of the whole deployment, or all shards
 *   together
 */
export const valuesOf = (range: SeriesRange, name: SeriesName, shard: number | null): Values => {
  const found = range.series.filter(
    (series) => series.name === name && (shard === null || series.shard === shard),
  )
  const [first] = found
  if (first === undefined) return range.at.map(() => null)
  if (found.length === 1) return first.values
  return range.at.map((_, index) => summed(found.map(({ values }) => values[index] ?? null)))
}

/** Null where none of them is known. */
export const summed = (values: Values): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

/** Gateways that the range tells of, ascending. */
export const shardsOf = (range: SeriesRange): readonly number[] =>
  [...new Set(range.series.flatMap(({ shard }) => (shard === null ? [] : [shard])))].toSorted(
    (a, b) => a - b,
  )

/** The last that is known within so many instants from the end: older than that is not now. */
export const latestOf = (values: Values, within_count: number): number | null =>
  values.slice(-within_count).findLast((value) => value !== null) ?? null

/** Half of the last instants are at or below it; null where nothing is known. */
export const medianOf = (values: Values, within_count: number): number | null => {
  const known = values.slice(-within_count).filter((value) => value !== null)
  return known.toSorted((a, b) => a - b)[Math.floor((known.length - 1) / 2)] ?? null
}

/** Where it was highest; undefined where nothing is known. */
export const highestOf = (
  values: Values,
): { readonly index: number; readonly value: number } | undefined => {
  let highest: { index: number; value: number } | undefined
  for (const [index, value] of values.entries())
    if (value !== null && (highest === undefined || value > highest.value))
      highest = { index, value }
  return highest
}

export const isEmpty = (values: Values): boolean => values.every((value) => value === null)

/** Known between unknowns: no line goes there, so each is a dot. */
export const lonelyOf = (values: Values): number[] =>
  values.flatMap((value, index) => {
    const is_alone = (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
    return value !== null && is_alone ? [index] : []
  })
