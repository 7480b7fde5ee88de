/**
 * `npm run bench`: measures Muster against the limits of this machine and against its peers, and
 * prints one table per goal. What each goal measures is in `goals/`.
 *
 *   npm run bench -- --only P1 --rounds 3 --seconds 2
 *   npm run bench -- --only SOAK --seconds 600
 */
import { oneLine } from '../one-line.ts'
import { conditions } from './conditions.ts'
import { burstLane } from './goals/burst-lane.ts'
import { fanOut } from './goals/fan-out.ts'
import { farDatabase } from './goals/far-database.ts'
import { hotRoom } from './goals/hot-room.ts'
import { oneWay } from './goals/one-way.ts'
import { page } from './goals/page.ts'
import { quietRoom } from './goals/quiet-room.ts'
import { roundTrips } from './goals/round-trips.ts'
import { soak } from './goals/soak.ts'
import { readOptions, type Options } from './options.ts'
import { Stage } from './stage.ts'
import { markdown, type Table } from './table.ts'

const goals: Record<string, (stage: Stage, options: Options) => Promise<Table>> = {
  P1: hotRoom,
  P2: burstLane,
  P3: quietRoom,
  P4: fanOut,
  P6: farDatabase,
  P7: oneWay,
  P9: roundTrips,
  P10: page,
  SOAK: soak,
}

/** Only when it is asked for by name: it takes as long as one wants. */
const onlyAsked = new Set(['SOAK'])

try {
  await bench(readOptions(process.argv.slice(2)))
} catch (error) {
  console.error(oneLine(error))
  process.exitCode = 1
}

async function bench(options: Options): Promise<void> {
  const unknown = options.only.find((name) => !(name in goals))
  if (unknown !== undefined)
    throw new Error(`There is no goal ${unknown}; there are ${Object.keys(goals).join(', ')}.`)
  const stage = await Stage.set()
  process.once('SIGINT', () => void stage.takeDown().then(() => process.exit(130)))
  process.once('SIGTERM', () => void stage.takeDown().then(() => process.exit(143)))
  try {
    console.log(`Conditions: ${await conditions(stage.client, options)}.\n`)
    for (const [name, measure] of Object.entries(goals)) {
      if (options.only.length > 0 ? !options.only.includes(name) : onlyAsked.has(name)) continue
      console.log(markdown(await measure(stage, options)))
    }
  } finally {
    await stage.takeDown()
  }
}
