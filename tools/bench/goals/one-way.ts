/** P7: ten thousand one-way messages at the same time, each a request of its own. */
import { growthWhile } from '../memory.ts'
import type { Posted, PostPlan } from '../load/posting.ts'
import { createRoom } from '../muster/members.ts'
import { singlePosts, untilStored } from '../muster/one-way.ts'
import type { Options } from '../options.ts'
import { inRounds } from '../rounds.ts'
import type { Stage } from '../stage.ts'
import { judge, ratios, show } from '../statistics.ts'
import type { Table } from '../table.ts'

const members = 50
const messages = 10_000
const sockets = 1_000
/** Of the rate that can be accepted, for the latency under load. */
const loadShare = 0.7

type Drained = { posted: Posted; growthMiB: number }

export async function oneWay(stage: Stage, options: Options): Promise<Table> {
  const { client, driver } = stage
  const { port, pid } = await stage.muster()
  const barePort = await stage.bare()

  const drain = async (plan: { rate?: number }): Promise<Drained> => {
    const room = await createRoom(client, members)
    let posted: Posted | undefined
    const growthMiB = await growthWhile(pid, async () => {
      posted = await driver.post(await singlePosts(port, room, { messages, sockets, ...plan }))
      await untilStored(client, room.room_id, posted.accepted)
    })
    if (posted === undefined) throw new Error('Nothing was posted.')
    return { posted, growthMiB }
  }
  // The first ones fill what is empty at the start, as everything after them finds it.
  await drain({})
  const plan = await singlePosts(barePort, await createRoom(client, members), { messages, sockets })
  const barePlan: PostPlan = { ...plan, path: '/ledger' }
  const { burst, bare } = await inRounds(options.rounds, {
    burst: () => drain({}),
    bare: async () => ({ posted: await driver.post(barePlan), growthMiB: 0 }),
  })
  const rates = burst.map(({ posted }) => rateOf(posted))
  const bareRates = bare.map(({ posted }) => rateOf(posted))
  const { paced } = await inRounds(options.rounds, {
    paced: () => drain({ rate: Math.min(...rates) * loadShare }),
  })

  const row = (name: string, drained: Drained[]) => [
    name,
    show(drained.map(({ posted }) => rateOf(posted))),
    judge(
      drained.map(({ posted }) => messages - posted.accepted),
      { atMost: 0 },
    ),
    show(drained.map(({ posted }) => posted.latency.p50)),
    name === 'all at once'
      ? show(drained.map(({ posted }) => posted.latency.p99))
      : judge(
          drained.map(({ posted }) => posted.latency.p99),
          { atMost: 500 },
        ),
    judge(
      drained.map(({ growthMiB }) => growthMiB),
      { atMost: 64 },
    ),
  ]
  return {
    title: 'P7 One-way messages, concurrent requests',
    how:
      `${messages.toLocaleString('en-US')} \`POST /api/messages/one-way\` to one room over ` +
      `${sockets.toLocaleString('en-US')} connections, all written at once; then at ` +
      `${loadShare} of the lowest rate so. Each round waits until all of them are in the room, ` +
      'numbered without a gap. Latency from when a request was to be sent to its 202, in ms. ' +
      'Memory: resident set of workerd while it accepts and drains, above where it stood. Limit: ' +
      'a bare Worker with one Durable Object that writes one row per request.',
    head: [
      '',
      'accepted/s',
      'refused or lost',
      'p50',
      'p99',
      'memory, MiB',
      'bare object/s',
      'of that',
    ],
    rows: [
      [
        ...row('all at once', burst),
        show(bareRates),
        judge(ratios(rates, bareRates), { atLeast: 0.5 }),
      ],
      [...row('paced', paced), '', ''],
    ],
  }
}

const rateOf = ({ accepted, elapsedMs }: Posted): number => (accepted * 1_000) / elapsedMs
