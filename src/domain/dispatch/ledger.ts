/** What one shard of the buffer holds that is not final, and what went through it, in numbers. */
import type { BufferFigures } from '../../protocol/health.ts'
import type { Level } from './row.ts'
import type { DispatchSettings } from './settings.ts'

export type Ledger = {
  count: number
  bytes: number
  /** By priority, high first. */
  readonly waiting: [number, number, number]
  /** By epoch of the layout. */
  readonly epochs: Map<number, number>
  final_count: number
  accepted: number
  slowed: number
  refused: number
  committed: number
  delivered: number
  rejected: number
  dead: number
  /** Finished per second, as of late. */
  rate: number
  rate_at: number
}

export const emptyLedger = (now: number): Ledger => ({
  count: 0,
  bytes: 0,
  waiting: [0, 0, 0],
  epochs: new Map(),
  final_count: 0,
  ...{ accepted: 0, slowed: 0, refused: 0, committed: 0, delivered: 0, rejected: 0, dead: 0 },
  rate: 0,
  rate_at: now,
})

type Entry = { readonly bytes: number; readonly level: Level; readonly epoch: number }

export const entered = (ledger: Ledger, { bytes, level, epoch }: Entry, count = 1): void => {
  ledger.count += count
  ledger.bytes += bytes
  ledger.waiting[level] += count
  ledger.epochs.set(epoch, (ledger.epochs.get(epoch) ?? 0) + count)
}

export const left = (ledger: Ledger, { bytes, level, epoch }: Entry): void => {
  ledger.count -= 1
  ledger.bytes -= bytes
  ledger.waiting[level] -= 1
  const rest = (ledger.epochs.get(epoch) ?? 0) - 1
  if (rest > 0) ledger.epochs.set(epoch, rest)
  else ledger.epochs.delete(epoch)
}

/** Half of the rate is of the last so long. */
const RATE_HALF_MS = 5_000

export const finished = (ledger: Ledger, count: number, now: number): void => {
  const passed_ms = Math.max(1, now - ledger.rate_at)
  const kept = keptAfter(passed_ms)
  ledger.rate = ledger.rate * kept + (count / passed_ms) * 1_000 * (1 - kept)
  ledger.rate_at = now
}

/** Where nothing is finished for a while it goes down by itself. */
export const rateAt = ({ rate, rate_at }: Ledger, now: number): number =>
  rate * keptAfter(Math.max(0, now - rate_at))

const keptAfter = (passed_ms: number): number => 0.5 ** (passed_ms / RATE_HALF_MS)

/** The oldest epoch of which something is held. */
export const oldestEpoch = ({ epochs }: Ledger): number => Math.min(...epochs.keys())

export const fillOf = (
  { count, bytes }: Pick<Ledger, 'count' | 'bytes'>,
  { buffer_max_count, buffer_max_bytes }: DispatchSettings,
): number => Math.max(count / buffer_max_count, bytes / buffer_max_bytes)

export const figuresOf = (
  ledger: Ledger,
  {
    shard,
    settings,
    oldest_ms,
  }: {
    readonly shard: number
    readonly settings: DispatchSettings
    readonly oldest_ms: BufferFigures['oldest_ms']
  },
): BufferFigures => {
  const { count, bytes, waiting, accepted, slowed, refused } = ledger
  const { committed, delivered, rejected, dead } = ledger
  return {
    ...{ shard, count, bytes },
    max_count: settings.buffer_max_count,
    max_bytes: settings.buffer_max_bytes,
    fill: fillOf(ledger, settings),
    waiting: { high: waiting[0], normal: waiting[1], low: waiting[2] },
    oldest_ms,
    ...{ accepted, slowed, refused, committed, delivered, rejected, dead },
  }
}
