/** Loads one database with pools of growing size; leaves nothing behind. */
import { Client } from 'pg'
import { startBridge, type Bridge } from '../dev/bridge.ts'
import { adviceFor, connectionsLeft, type Advice } from './advice.ts'
import { readFacts, trafficIn, type Facts } from './facts.ts'
import { kneeOf, nextSize } from './knee.ts'
import { measure } from './measure.ts'
import type { TuneOptions } from './options.ts'
import type { Point } from './point.ts'
import { aboutDatabase, adviceLines, tableOf } from './report.ts'
import { makeRooms } from './rooms.ts'

export type Tuned = {
  readonly facts: Facts
  readonly points: readonly Point[]
  /** One room alone, with pools of 1 and 2. */
  readonly hot: readonly Point[]
  readonly advice: Advice | undefined
}

/** What a room sends at most in one call. */
const CALL_MAX_COUNT = 100

/** Ours, besides the pool that is measured. */
const OWN_CONNECTIONS = 1

/**
 * @param say takes each line for the person who waits
 * @throws Error with one line: not migrated, in use by others
 */
export async function tune(
  url: string,
  options: TuneOptions,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<Tuned> {
  const client = new Client({ connectionString: url, application_name: 'muster-tune' })
  client.on('error', () => {})
  await client.connect()
  let bridge: Bridge | undefined
  try {
    const facts = await readFacts(client, url)
    if (!facts.is_migrated)
      throw new Error("Muster's tables are not there: run npm run migrate first.")
    const traffic = trafficIn(facts)
    if (traffic !== undefined && !options.yes)
      throw new Error(`Not loaded: ${traffic}. Give --yes if that is what you want.`)
    for (const line of aboutDatabase(facts)) say(line)
    bridge = await bridgeTo(url)
    const to = { url, proxy: bridge && `127.0.0.1:${bridge.port}`, seconds: options.seconds }

    const rooms = await makeRooms(client, options.senders)
    try {
      const points: Point[] = []
      const max = Math.max(1, Math.min(options.max, connectionsLeft(facts) - OWN_CONNECTIONS))
      for (;;) {
        const size = nextSize(points, max)
        if (size === undefined || signal?.aborted === true) break
        say(`… ${options.senders} rooms, a pool of ${size}`)
        points.push(await measure({ ...to, size, writers: rooms.writers, per_call: 1 }))
      }
      const hot: Point[] = []
      for (const size of [1, 2].filter((one) => one <= max)) {
        if (signal?.aborted === true) break
        say(`… one hot room, a pool of ${size}`)
        const per_call = Math.min(CALL_MAX_COUNT, options.senders)
        hot.push(await measure({ ...to, size, writers: rooms.writers.slice(0, 1), per_call }))
      }
      return { facts, points, hot, advice: adviceFor(points, facts) }
    } finally {
      if (!options.keep) await rooms.remove()
    }
  } finally {
    await bridge?.stop()
    await client.end()
  }
}

export const linesOf = ({ points, hot, advice }: Tuned): string[] => [
  '',
  'Many rooms, each with one message under way:',
  ...tableOf(points, kneeOf(points)),
  '',
  'One hot room, whose messages travel together, one call after the other:',
  ...tableOf(hot, undefined),
  'A room has one call under way at a time, so a larger pool does not make it faster; larger',
  'batches do (commit_batch_max_count, commit_mode group).',
  '',
  ...(advice ? adviceLines(advice) : ['Nothing was measured.']),
]

async function bridgeTo(url: string): Promise<Bridge | undefined> {
  const { hostname, port } = new URL(url)
  if (hostname.endsWith('.neon.tech')) return undefined
  return startBridge({ allow: [`${hostname}:${port || '5432'}`] })
}
