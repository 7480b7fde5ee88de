/** What an isolate hands to its collector: everything since its last report, once. */
import type { SeriesKey } from './snapshot.ts'
import type { Counted } from './tally.ts'

export type Report = Counted & {
  /** Names the isolate; another after each start. */
  readonly reporter: string
  /** 1, 2, …: one that was taken before is not counted again. */
  readonly number: number
  /** Nothing more for now: silence after this is no loss. */
  readonly quiet: boolean
  /** Only gauges were to be told, as at a heartbeat: nothing happened that is worth a look. */
  readonly beat?: true
  /** By object (`room:<id>`), of those that were heard of: their gauges now, those that are 0 left out. */
  readonly objects: Readonly<Record<string, Gauges>>
  /** What was said since the last report, in the busiest rooms. */
  readonly rooms: readonly RoomSaid[]
}

export type Gauges = Readonly<Record<SeriesKey, number>>

export type RoomSaid = {
  readonly room_id: string
  readonly messages: number
  readonly queue_max_ms: number
  readonly sockets: number
}
