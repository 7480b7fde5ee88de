/** One measurement: rooms write through a pool of one size, as fast as they are answered. */
import { ConnectionPool } from '../../src/database/pool.ts'
import { Histogram } from '../bench/load/histogram.ts'
import { pause } from '../dev/child-process.ts'
import type { Point } from './point.ts'
import type { RoomWriter } from './room-writer.ts'

export type Measurement = {
  readonly url: string
  /** host:port of the bridge; undefined: Neon's own proxy. */
  readonly proxy: string | undefined
  readonly size: number
  readonly writers: readonly RoomWriter[]
  /** Messages of one call: 1, or what comes together in a hot room. */
  readonly per_call: number
  readonly seconds: number
}

/** Not counted: plans are made, and the first calls find an idle database. */
const WARM_UP_MS = 1_000

/** A pool turns away whoever would be one more of those that wait. */
const WRITERS_PER_CONNECTION = 100

/** A room that got no connection tries again after as much. */
const RETRY_PAUSE_MS = 50

/** Of a deployment that has one gateway: what is measured is the database, not the sharing out. */
const settings = {
  ...{ overflow: 0, timeout_ms: 10_000, recycle_s: 86_400, shards: 1, idle_sleep_ms: 0 },
}

/** `per_second` and `failed` count messages. */
export async function measure(what: Measurement): Promise<Point> {
  const { url, proxy, size, writers, per_call, seconds } = what
  const pool = new ConnectionPool({
    // None is opened ahead: all at once take a busy machine longer than their time-out.
    ...{ url, proxy, share: { min: 0, max: size } },
    settings: { ...settings, size },
  })
  let from = Infinity
  let until = Infinity
  const latency = new Histogram()
  const wait = new Histogram()
  let committed = 0
  let failed = 0

  const call = async (writer: RoomWriter): Promise<void> => {
    const started = performance.now()
    let waited_ms = 0
    const used = await pool.use((client) => writer.write(client, per_call), {
      entered: (ms) => {
        waited_ms = ms
      },
    })
    const ended = performance.now()
    const written = used.kind === 'done' ? used.value : 0
    if (ended >= from && ended < until) {
      committed += written
      failed += per_call - written
      if (written > 0) {
        latency.add(ended - started)
        wait.add(waited_ms)
      }
    }
    if (written < per_call) await pause(RETRY_PAUSE_MS)
  }
  const writing = async (writer: RoomWriter): Promise<void> => {
    while (performance.now() < until) await call(writer)
  }
  try {
    const missing = size - (await open(pool, size))
    if (missing > 0) return { ...nothing, size, failed: missing }
    from = performance.now() + WARM_UP_MS
    until = from + seconds * 1_000
    await Promise.all(writers.slice(0, size * WRITERS_PER_CONNECTION).map(writing))
  } finally {
    await pool.end()
  }
  const { p50, p99 } = latency.read()
  return {
    size,
    per_second: committed / seconds,
    ...{ p50_ms: p50, p99_ms: p99, wait_p99_ms: wait.read().p99, failed },
  }
}

const nothing = { per_second: 0, p50_ms: NaN, p99_ms: NaN, wait_p99_ms: NaN }

/** One after the other. @returns how many could be opened */
async function open(pool: ConnectionPool, size: number): Promise<number> {
  const allOpen = Promise.withResolvers<void>()
  const held: Promise<unknown>[] = []
  let opened = 0
  for (let count = 0; count < size; count += 1) {
    const isOpen = Promise.withResolvers<void>()
    const holding = pool.use(() => {
      opened += 1
      isOpen.resolve()
      return allOpen.promise
    })
    held.push(holding)
    await Promise.race([isOpen.promise, holding])
  }
  allOpen.resolve()
  await Promise.all(held)
  return opened
}
