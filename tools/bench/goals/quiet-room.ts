/** P3: a quiet room. Somebody says something now and then; how long until another has it? */
import { Client } from 'pg'
import type { Latency } from '../load/histogram.ts'
import { createRoom } from '../muster/members.ts'
import { openMusterRoom } from '../muster/room.ts'
import type { Options } from '../options.ts'
import { inRounds } from '../rounds.ts'
import { CommitCaller } from '../sql/commit-caller.ts'
import { connectNeon } from '../sql/neon-client.ts'
import { repeat } from '../sql/repeat.ts'
import type { Stage } from '../stage.ts'
import { judge, ratios, show } from '../statistics.ts'
import type { Table } from '../table.ts'

const warmUpMs = 500
const pauseMs = 10

export async function quietRoom(stage: Stage, options: Options): Promise<Table> {
  const { driver, client } = stage
  const { port, proxy } = await stage.muster()
  const room = await openMusterRoom(driver, { port, client, sockets: 2, batch: false })
  const neon = await connectNeon(stage.postgres.url, proxy)
  const straight = new Client({ connectionString: stage.postgres.url })
  await straight.connect()
  const overBridge = new CommitCaller(neon, await createRoom(client, 2))
  const overTcp = new CommitCaller(straight, await createRoom(client, 2))

  const time = { warmUpMs, windowMs: options.seconds * 1_000 }
  const alone = async (caller: CommitCaller) =>
    (await repeat(() => caller.commit(1), { ...time, pauseMs })).latency
  const latencies = await inRounds(options.rounds, {
    muster: async () =>
      (await room.measure({ ...time, senders: 1, pace: { kind: 'single', pauseMs } })).latency,
    overBridge: () => alone(overBridge),
    overTcp: () => alone(overTcp),
  })
  await Promise.all([neon.end(), straight.end(), room.close()])

  const row = (quantile: 'p50' | 'p99', atMost: number) => {
    const pick = (values: Latency[]) => values.map((latency) => latency[quantile])
    const [muster, bridge, tcp] = [
      pick(latencies.muster),
      pick(latencies.overBridge),
      pick(latencies.overTcp),
    ]
    return [
      ...[quantile, show(muster), show(bridge), judge(ratios(muster, bridge), { atMost })],
      ...[show(tcp), show(ratios(muster, tcp))],
    ]
  }
  return {
    title: 'P3 Quiet room',
    how:
      'Milliseconds from the send until the other member has it, one message at a time, ' +
      `${pauseMs} ms apart. Limit: the same commit alone, one message per call at the same pace, ` +
      "from Node: with the Worker's driver through the same bridge, and with pg over TCP.",
    head: ['', 'Muster', 'commit over bridge', 'times that', 'commit over TCP', 'times that'],
    rows: [row('p50', 2), row('p99', 4)],
  }
}
