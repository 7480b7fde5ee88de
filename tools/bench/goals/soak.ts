/** SOAK: half of what the burst lane can do, for as long as one wants; memory must stay flat. */
import { residentMiB } from '../memory.ts'
import { batchPost, singlePosts } from '../muster/one-way.ts'
import { openMusterRoom } from '../muster/room.ts'
import type { Options } from '../options.ts'
import type { Stage } from '../stage.ts'
import { judge, show, spreadOf } from '../statistics.ts'
import type { Table } from '../table.ts'

const members = 50
const sockets = 200
const probeMessages = 5_000
const probes = 3
const legSeconds = 10
const share = 0.5
/** The first part fills caches and is not part of the slope. */
const settleShare = 0.25

export async function soak(stage: Stage, options: Options): Promise<Table> {
  const { client, driver } = stage
  const { port, pid } = await stage.muster()
  const room = await openMusterRoom(driver, { port, client, sockets: members, batch: true })
  const maximum: number[] = []
  for (let probe = 0; probe < probes; probe++) {
    const { everybodyMs } = await room.hear(await batchPost(port, room.room, probeMessages))
    maximum.push((probeMessages * 1_000) / everybodyMs)
  }
  const rate = Math.round(spreadOf(maximum).median * share)

  const samples: { minutes: number; mib: number }[] = []
  const latencies: number[] = []
  const started = performance.now()
  let messages = 0
  while (performance.now() - started < options.seconds * 1_000) {
    const plan = { messages: rate * legSeconds, sockets, rate }
    const { posted } = await room.hear(await singlePosts(port, room.room, plan))
    messages += plan.messages
    latencies.push(posted.latency.p99)
    samples.push({ minutes: (performance.now() - started) / 60_000, mib: residentMiB(pid) })
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  await room.close()

  const settled = samples.slice(Math.floor(samples.length * settleShare))
  return {
    title: 'SOAK The burst lane at half of what it can do',
    how:
      `One-way messages to one room with ${members} members, each a request of its own, at ` +
      `${share} of the rate at which ${probeMessages.toLocaleString('en-US')} in one POST reach ` +
      `everybody, in legs of ${legSeconds} s; after each leg all were received, in order, and ` +
      'stored. Memory: resident set of workerd after each leg; its slope without the first quarter.',
    head: [
      'minutes',
      'messages',
      'of them per s',
      'p99 of acceptance, ms',
      'memory, MiB',
      'MiB per minute',
    ],
    rows: [
      [
        ((performance.now() - started) / 60_000).toFixed(1),
        messages.toLocaleString('en-US'),
        rate.toLocaleString('en-US'),
        show(latencies),
        show(settled.map(({ mib }) => mib)),
        judge([slopeOf(settled)], { atMost: 1 }),
      ],
    ],
  }
}

/** Of the line that fits best. */
const slopeOf = (samples: readonly { minutes: number; mib: number }[]): number => {
  const x = mean(samples.map(({ minutes }) => minutes))
  const y = mean(samples.map(({ mib }) => mib))
  const above = samples.reduce((sum, { minutes, mib }) => sum + (minutes - x) * (mib - y), 0)
  const below = samples.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0)
  return above / below
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
