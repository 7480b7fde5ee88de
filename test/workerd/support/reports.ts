/** What isolates count, handed to a real collector, and looks of the object that watches. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { vi } from 'vitest'
import type { Report } from '../../../src/domain/metrics/report.ts'
import { collectorStub, operationsStub } from '../../../src/durable/stubs.ts'
import { bindings, type Eviction } from './bindings.ts'

/** An isolate that says what the test wants. */
export class Isolate {
  readonly #reporter = crypto.randomUUID()
  #number = 0

  async report(over: Partial<Report>): Promise<void> {
    this.#number += 1
    await collectorStub(bindings, this.#reporter).take({
      ...{ reporter: this.#reporter, number: this.#number, quiet: true },
      ...{ counters: {}, histograms: {}, objects: {}, rooms: [] },
      ...over,
    })
  }
}

export const operations = () => operationsStub(bindings)

/** The time of the last test; another one begins later, for objects remember. */
let latest = 0

/** Time stands still until it is passed; only `Date` is not real. */
export const stopTime = (): void => {
  // From tomorrow on: alarms of these tests go off when the test says so, not by themselves.
  const after = Math.max(latest + 600_000, Date.now() + 86_400_000)
  vi.useFakeTimers({ now: Math.ceil(after / 60_000) * 60_000, toFake: ['Date'] })
  latest = Date.now()
}

export const pass = (ms: number): void => {
  latest = Date.now() + ms
  vi.setSystemTime(latest)
}

/** The object's alarm; false: there is none. */
export const look = (): Promise<boolean> => runDurableObjectAlarm(operations())

export const evictOperations = async (eviction: Eviction): Promise<void> => {
  if (eviction === 'none') return
  await runInDurableObject(operations(), () => {})
  await evictDurableObject(operations(), { webSockets: eviction })
}

const tables = ['fine_samples', 'coarse_samples', 'collectors', 'standings', 'alerts', 'outgoing']

/** Nothing is kept and nothing is set. */
export const startAnew = (): Promise<void> =>
  runInDurableObject(operations(), async (_, { storage }) => {
    await storage.deleteAlarm()
    for (const table of tables) storage.sql.exec(`DELETE FROM ${table}`)
    for (const [key] of storage.kv.list()) storage.kv.delete(key)
  })
