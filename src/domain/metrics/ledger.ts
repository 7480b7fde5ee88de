/**
 * What a collector has heard, added up (OPS-1): counters and histograms since the beginning, the
 * gauges of each object as it last told them, and which isolates report. The state is updated in
 * place; times are ms since the epoch and come in from outside.
 */
import { hotRooms, saidIn, type RoomsSaid } from './hot-rooms.ts'
import { combined } from './merge.ts'
import type { Gauges, Report } from './report.ts'
import { seriesKey } from './series-key.ts'
import type { HotRoom, Snapshot } from './snapshot.ts'
import { Tally, type Counted } from './tally.ts'

/** An isolate that reports every 4 s and is not heard of for so long is gone in the middle. */
export const LOST_AFTER_MS = 30_000
/** So long a repeated report of an isolate that said "nothing more" is still known as one. */
const FORGOTTEN_AFTER_MS = 600_000
/** Rooms and inboxes with sockets tell their gauges anew at each heartbeat, every 30 s. */
const BEATING_TTL_MS = 100_000
/** The others when something happens; a pool stays open though nobody asks. */
const RESTING_TTL_MS = 900_000
/** Of one collector: some 20 MB. What comes beyond is missing in sums; more shards take more. */
const OBJECTS_MAX_COUNT = 50_000

type Reporter = { readonly number: number; readonly heard_at: number; readonly quiet: boolean }
type Told = { readonly reporter: string; readonly heard_at: number; readonly gauges: Gauges }

export type Ledger = {
  readonly tally: Tally
  readonly reporters: Map<string, Reporter>
  readonly objects: Map<string, Told>
  rooms: RoomsSaid
  heard_at: number | undefined
}

/** In a form that can be stored; what is not in it is forgotten. */
export type KeptLedger = {
  readonly counted: Counted
  readonly reporters: readonly (readonly [string, Reporter])[]
  readonly objects: readonly (readonly [string, Told])[]
  readonly rooms: RoomsSaid
  readonly heard_at: number | null
}

export const emptyLedger = (): Ledger => ({
  tally: new Tally(),
  reporters: new Map(),
  objects: new Map(),
  rooms: [],
  heard_at: undefined,
})

/** @returns false where it was taken before */
export const take = (ledger: Ledger, report: Report, now: number): boolean => {
  const { reporter, number, quiet } = report
  const before = ledger.reporters.get(reporter)
  if (before && number <= before.number) return false
  sweep(ledger, now)
  ledger.reporters.set(reporter, { number, heard_at: now, quiet })
  ledger.heard_at = now
  ledger.tally.merge(report)
  countOne(ledger, 'muster_reports_total')
  for (const [object, gauges] of Object.entries(report.objects))
    hear(ledger, object, { reporter, heard_at: now, gauges })
  if (report.rooms.length > 0) ledger.rooms = saidIn(ledger.rooms, report.rooms, now)
  return true
}

/**
 * Forgets what is out of date; an isolate that went silent in the middle is counted as lost, and
 * what its objects told is no longer true.
 * @returns whether a count changed
 */
export const sweep = (ledger: Ledger, now: number): boolean => {
  const lost = new Set<string>()
  for (const [reporter, { heard_at, quiet }] of ledger.reporters) {
    if (!quiet && now - heard_at >= LOST_AFTER_MS) lost.add(reporter)
    if (now - heard_at >= FORGOTTEN_AFTER_MS) ledger.reporters.delete(reporter)
  }
  for (const reporter of lost) {
    const known = ledger.reporters.get(reporter)
    // Lost once. Should it come back after all, its reports still have their numbers.
    if (known) ledger.reporters.set(reporter, { ...known, quiet: true })
    countOne(ledger, 'muster_reporters_lost_total')
  }
  for (const [object, { reporter, heard_at }] of ledger.objects)
    if (lost.has(reporter) || now - heard_at >= ttlOf(object)) ledger.objects.delete(object)
  return lost.size > 0
}

export const snapshotOf = (ledger: Ledger, now: number): Snapshot => {
  const reporting = [...ledger.reporters.values()].filter(
    ({ heard_at }) => now - heard_at < LOST_AFTER_MS,
  )
  const own = { [seriesKey('muster_reporters', undefined)]: reporting.length }
  const told = [...ledger.objects.values()].map(({ gauges }) => gauges)
  return { ...ledger.tally.counted(), gauges: combined([...told, own]) }
}

export const hotRoomsOf = ({ rooms }: Ledger, now: number): HotRoom[] => hotRooms(rooms, now)

export const kept = ({ tally, reporters, objects, rooms, heard_at }: Ledger): KeptLedger => ({
  counted: tally.counted(),
  reporters: [...reporters],
  objects: [...objects],
  rooms,
  heard_at: heard_at ?? null,
})

export const restored = (stored: KeptLedger): Ledger => {
  const tally = new Tally()
  tally.merge(stored.counted)
  return {
    tally,
    reporters: new Map(stored.reporters),
    objects: new Map(stored.objects),
    rooms: stored.rooms,
    heard_at: stored.heard_at ?? undefined,
  }
}

const hear = ({ objects }: Ledger, object: string, told: Told): void => {
  if (Object.keys(told.gauges).length === 0) objects.delete(object)
  else if (objects.has(object) || objects.size < OBJECTS_MAX_COUNT) objects.set(object, told)
}

const countOne = (
  { tally }: Ledger,
  name: 'muster_reports_total' | 'muster_reporters_lost_total',
): void => tally.add(name, name, 1)

const ttlOf = (object: string): number =>
  object.startsWith('room:') || object.startsWith('inbox:') ? BEATING_TTL_MS : RESTING_TTL_MS
