/** P1: one room, everybody talks, each message a transaction of its own. */
import { Client } from 'pg'
import { openBareRoom } from '../bare/room.ts'
import type { LoadPlan } from '../load/orders.ts'
import type { Measured } from '../load/tally.ts'
import { createRoom } from '../muster/members.ts'
import { openMusterRoom } from '../muster/room.ts'
import type { Options } from '../options.ts'
import { openSocketIoRoom } from '../peer/socket-io.ts'
import { inRounds } from '../rounds.ts'
import { CommitCaller } from '../sql/commit-caller.ts'
import { repeat } from '../sql/repeat.ts'
import type { Stage } from '../stage.ts'
import { judge, ratios, show, spreadOf } from '../statistics.ts'
import type { Table } from '../table.ts'

const members = 50
const senderCounts = [1, 10, 50]
const warmUpMs = 700
/** Of the rate that the room can do, for the latency under load. */
const loadShare = 0.7

export async function hotRoom(stage: Stage, options: Options): Promise<Table> {
  const rows: string[][] = []
  for (const senders of senderCounts) rows.push(...(await withSenders(stage, options, senders)))
  return {
    title: `P1 Hot room, ${members} members`,
    how:
      'Messages per second that everybody received, each sender sending the next when it has its ' +
      'last one back. `batch` clients connect with `?batch=1`. Limits: `commit_room` straight from ' +
      'Node with as many items per call as there are senders, each its own COMMIT; a bare Durable ' +
      'Object that broadcasts the same frames (for batch: as many messages to a frame). p99 is ' +
      `open loop at ${loadShare * 100} % of the median rate, intended send to arrival at another member.`,
    head: [
      ...['senders', 'clients', 'Muster', 'procedure alone', 'bare object', 'of the lower limit'],
      ...['Socket.IO + pg', 'times Socket.IO', 'p50 ms', 'p99 ms'],
    ],
    rows,
  }
}

async function withSenders(stage: Stage, options: Options, senders: number): Promise<string[][]> {
  const { driver, client } = stage
  const { port } = await stage.muster()
  const plain = await openMusterRoom(driver, { port, client, sockets: members, batch: false })
  const batch = await openMusterRoom(driver, { port, client, sockets: members, batch: true })
  const barePort = await stage.bare()
  const barePlain = await openBareRoom(driver, { port: barePort, sockets: members })
  const bareBatch = await openBareRoom(driver, { port: barePort, sockets: members, batch: senders })
  const socketIo = await openSocketIoRoom(driver, {
    port: await stage.socketIo(),
    client,
    sockets: members,
  })
  const straight = new Client({ connectionString: stage.postgres.url })
  await straight.connect()
  const caller = new CommitCaller(straight, await createRoom(client, members))

  const windowMs = options.seconds * 1_000
  const closed: LoadPlan = { senders, warmUpMs, windowMs, pace: { kind: 'closed' } }
  const rates = await inRounds(options.rounds, {
    plain: () => rate(plain.measure(closed)),
    procedure: async () => {
      const { perSecond } = await repeat(() => caller.commit(senders), { warmUpMs, windowMs })
      return perSecond * senders
    },
    barePlain: () => rate(barePlain.measure(closed)),
    batch: () => rate(batch.measure(closed)),
    bareBatch: () => rate(bareBatch.measure(closed)),
    socketIo: () => rate(socketIo.measure(closed)),
  })
  const open = (values: number[]): LoadPlan => ({
    ...closed,
    pace: { kind: 'open', rate: spreadOf(values).median * loadShare },
  })
  const loaded = await inRounds(options.rounds, {
    plain: () => plain.measure(open(rates.plain)),
    batch: () => batch.measure(open(rates.batch)),
  })
  await straight.end()
  for (const crowd of [plain, batch, barePlain, bareBatch, socketIo]) await crowd.close()

  const row = (clients: 'plain' | 'batch', bare: number[]) => {
    const lower = rates.procedure.map((value, round) => Math.min(value, bare[round] ?? value))
    return [
      String(senders),
      clients,
      show(rates[clients]),
      show(rates.procedure),
      show(bare),
      judge(ratios(rates[clients], lower), { atLeast: 0.8 }),
      show(rates.socketIo),
      judge(ratios(rates[clients], rates.socketIo), { atLeast: 3 }),
      show(loaded[clients].map(({ latency }) => latency.p50)),
      judge(
        loaded[clients].map(({ latency }) => latency.p99),
        { atMost: 50 },
      ),
    ]
  }
  return [row('plain', rates.barePlain), row('batch', rates.bareBatch)]
}

const rate = async (measured: Promise<Measured>): Promise<number> => (await measured).rate
