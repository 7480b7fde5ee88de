/** Middle and spread of a few rounds, and how they are written. */

export type Spread = { median: number; min: number; max: number }

/** Both: exactly, or between. */
export type Goal = { atLeast?: number; atMost?: number }

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  const low = sorted[Math.floor(middle)] ?? Number.NaN
  const high = sorted[Math.ceil(middle)] ?? Number.NaN
  return {
    median: (low + high) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}

/** Round by round, so that what slowed the machine slowed both. */
export const ratios = (values: readonly number[], limits: readonly number[]): number[] =>
  values.map((value, round) => value / (limits[round] ?? Number.NaN))

/** "1,234 (1,200–1,250)" */
export const show = (values: readonly number[]): string => {
  const { median, min, max } = spreadOf(values)
  if (min === max) return digits(median)
  return `${digits(median)} (${digits(min)}–${digits(max)})`
}

/** The same with the goal and whether the median meets it. */
export const judge = (values: readonly number[], goal: Goal): string => {
  const { median } = spreadOf(values)
  const { atLeast = -Infinity, atMost = Infinity } = goal
  const isMet = median >= atLeast && median <= atMost
  return `${show(values)} **${isMet ? 'ok' : 'miss'}** ${wanted(goal)}`
}

const wanted = ({ atLeast, atMost }: Goal): string => {
  if (atLeast === atMost) return `= ${atLeast}`
  return atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
}

/** Three significant digits, and never more than the number needs. */
const digits = (value: number): string =>
  value.toLocaleString(
    'en-US',
    value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  )
