/** Numbers of one field over time, from the readings of a room. Pure. */
import type { Message } from '../../../src/protocol/message.ts'
import { fieldsOf, numberOf } from './fields.ts'

export type ReadingPoint = {
  readonly message_id: string
  readonly sender_name: string
  readonly at_ms: number
  readonly value: number
}

export type Series = ReadonlyMap<string, readonly ReadingPoint[]>

const known = new WeakMap<readonly Message[], Series>()

/** By field, in the order in which they were said. Asked for by every card, worked out once. */
export const seriesOf = (messages: readonly Message[]): Series => {
  const found = known.get(messages) ?? gather(messages)
  known.set(messages, found)
  return found
}

const gather = (messages: readonly Message[]): Series => {
  const series = new Map<string, ReadingPoint[]>()
  for (const { message_id, sender_display_name, created_at, content, deleted_at } of messages) {
    if (typeof content === 'string' || deleted_at !== null) continue
    for (const field of fieldsOf(content)) {
      const value = numberOf(field)
      if (value === undefined) continue
      const points = series.get(field.path) ?? []
      const at_ms = Date.parse(created_at)
      points.push({ message_id, sender_name: sender_display_name, at_ms, value })
      series.set(field.path, points)
    }
  }
  return series
}

/** Of one field, from what was loaded and what is held, each reading once. */
export const mergedPoints = (
  ...parts: readonly (readonly ReadingPoint[])[]
): readonly ReadingPoint[] =>
  [...new Map(parts.flat().map((point) => [point.message_id, point])).values()].toSorted(
    (a, b) => a.at_ms - b.at_ms,
  )

export type Extremes = { readonly low: number; readonly high: number; readonly last: number }

/** Undefined where there are none. */
export const extremesOf = (points: readonly ReadingPoint[]): Extremes | undefined => {
  const last = points.at(-1)?.value
  if (last === undefined) return undefined
  const values = points.map(({ value }) => value)
  return { low: Math.min(...values), high: Math.max(...values), last }
}
