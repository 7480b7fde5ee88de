/** The line of a small chart, in a box of its own units. Pure. */
import type { ReadingPoint } from './series.ts'

export const SPARK_WIDTH = 96
export const SPARK_HEIGHT = 24

/** As many points as the width can show apart; the course around a reading tells more than all. */
const before_max_count = 30
const after_max_count = 10

/** The readings around this one; the latest where it is not among them. */
export const sparkWindow = (
  points: readonly ReadingPoint[],
  message_id: string | undefined,
): readonly ReadingPoint[] => {
  const found = points.findIndex((point) => point.message_id === message_id)
  const here = found === -1 ? points.length - 1 : found
  return points.slice(Math.max(0, here - before_max_count), here + after_max_count + 1)
}

/** Room for the dot at the edges. */
const edge = 3

export type SparkPoint = { readonly x: number; readonly y: number; readonly message_id: string }

/** By time; readings of one moment stand side by side instead. */
export const sparkPoints = (points: readonly ReadingPoint[]): readonly SparkPoint[] => {
  const first_ms = points[0]?.at_ms ?? 0
  const span_ms = (points.at(-1)?.at_ms ?? 0) - first_ms
  const values = points.map(({ value }) => value)
  const low = Math.min(...values)
  const range = Math.max(...values) - low
  return points.map(({ at_ms, value, message_id }, index) => {
    const along = span_ms > 0 ? (at_ms - first_ms) / span_ms : index / (points.length - 1 || 1)
    const up = range > 0 ? (value - low) / range : 0.5
    return {
      message_id,
      x: rounded(edge + along * (SPARK_WIDTH - 2 * edge)),
      y: rounded(SPARK_HEIGHT - edge - up * (SPARK_HEIGHT - 2 * edge)),
    }
  })
}

export const sparkPath = (points: readonly SparkPoint[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')

const rounded = (value: number): number => Math.round(value * 10) / 10
