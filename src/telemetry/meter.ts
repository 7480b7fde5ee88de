/**
 * The counters and histograms of this isolate (OPS-1). Objects count here, without a call; what has
 * come together is handed to a collector now and then (`reporter.ts`). Times are as good as the
 * clock of the platform, which inside an object only moves when something comes from outside.
 */
import type { MetricName } from '../domain/metrics/catalogue.ts'
import { HOT_ROOMS_MAX_COUNT } from '../domain/metrics/hot-rooms.ts'
import type { RoomSaid } from '../domain/metrics/report.ts'
import { seriesKey, type Labels } from '../domain/metrics/series-key.ts'
import { Tally, type Counted } from '../domain/metrics/tally.ts'

/** Adds to a counter. Label values come from the code or are bounded, never what people wrote. */
export const count = (name: MetricName, labels?: Labels, by = 1): void =>
  tally.add(name, seriesKey(name, labels), by)

/** @param seconds what a histogram is to take in */
export const observe = (name: MetricName, seconds: number, labels?: Labels): void =>
  tally.observe(name, seriesKey(name, labels), [seconds])

/** The same of many that share their labels. */
export const observeAll = (name: MetricName, seconds: readonly number[], labels?: Labels): void => {
  if (seconds.length > 0) tally.observe(name, seriesKey(name, labels), seconds)
}

/** A room wrote: for the list of the busiest, which is no metric. */
export const countSaid = (said: RoomSaid): void => {
  const before = rooms.get(said.room_id)
  if (!before && rooms.size >= ROOMS_MAX_COUNT) return
  rooms.set(said.room_id, {
    ...said,
    messages: said.messages + (before?.messages ?? 0),
    queue_max_ms: Math.max(said.queue_max_ms, before?.queue_max_ms ?? 0),
  })
}

/** Everything since the last time, once. */
export const drainMeter = (): Counted & { readonly rooms: readonly RoomSaid[] } => {
  const busiest = [...rooms.values()]
    .toSorted((one, other) => other.messages - one.messages)
    .slice(0, HOT_ROOMS_MAX_COUNT)
  rooms.clear()
  return { ...tally.drain(), rooms: busiest }
}

export const hasCounted = (): boolean => !tally.isEmpty

/** Rooms told apart in one interval; one more is not in the list of the busiest. */
const ROOMS_MAX_COUNT = 2_000

const tally = new Tally()
const rooms = new Map<string, RoomSaid>()
