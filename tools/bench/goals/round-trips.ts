/** P9: how often the database is asked, counted on the wire. */
import { pause } from '../../dev/child-process.ts'
import type { LoadPlan } from '../load/orders.ts'
import { openMusterRoom } from '../muster/room.ts'
import type { Options } from '../options.ts'
import { startWireCounter, type WireCounts } from '../sql/wire-counter.ts'
import type { Stage } from '../stage.ts'
import { judge } from '../statistics.ts'
import type { Table } from '../table.ts'

/** Longer than the pause between two heartbeats. */
const idleMs = 35_000
const cases = [
  { sockets: 2, senders: 1 },
  { sockets: 50, senders: 1 },
  { sockets: 50, senders: 50 },
]

export async function roundTrips(stage: Stage, options: Options): Promise<Table> {
  const counter = await startWireCounter(stage.postgres.port)
  stage.onStop(() => counter.stop())
  const { port } = await stage.startMuster({ databasePort: counter.port })
  const { driver, client } = stage
  const counted = async <Value>(work: () => Promise<Value>) => {
    const before = counter.read()
    const value = await work()
    const after = counter.read()
    const counts: WireCounts = {
      roundTrips: after.roundTrips - before.roundTrips,
      commitCalls: after.commitCalls - before.commitCalls,
    }
    return { value, ...counts }
  }

  const rows: string[][] = []
  for (const { sockets, senders } of cases) {
    const room = await openMusterRoom(driver, { port, client, sockets, batch: false })
    const windowMs = options.seconds * 1_000
    const plan: LoadPlan = { senders, warmUpMs: 0, windowMs, pace: { kind: 'closed' } }
    const { value, roundTrips: trips, commitCalls } = await counted(() => room.measure(plan))
    rows.push([
      `${senders} of ${sockets} members send`,
      ...[value.sent, commitCalls, trips].map((number) => number.toLocaleString('en-US')),
      judge([trips / commitCalls], { atLeast: 1, atMost: 1 }),
    ])
    if (sockets === Math.max(...cases.map((one) => one.sockets)) && senders > 1) {
      const idle = await counted(() => pause(idleMs))
      rows.push([
        `${sockets} members idle for ${idleMs / 1_000} s`,
        ...['0', String(idle.commitCalls), String(idle.roundTrips)],
        judge([idle.roundTrips], { atMost: 0 }),
      ])
    }
    await room.close()
  }
  return {
    title: 'P9 Round trips, counted',
    how:
      'Counted in the Postgres protocol between bridge and database. A round trip is a Sync or a ' +
      'simple Query. That the first two rows agree shows that receivers cost none.',
    head: ['', 'messages', 'commit calls', 'round trips', 'per commit call; idle: in all'],
    rows,
  }
}
