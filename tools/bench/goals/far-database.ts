/** P6: the database is far away. What a room does when every round trip takes 20 ms longer. */
import type { LoadPlan } from '../load/orders.ts'
import { openMusterRoom } from '../muster/room.ts'
import type { Options } from '../options.ts'
import { inRounds } from '../rounds.ts'
import { addPeerRoom, peerTables, writeInFiveStatements } from '../sql/five-statements.ts'
import { connectNeon } from '../sql/neon-client.ts'
import { repeat } from '../sql/repeat.ts'
import type { Stage } from '../stage.ts'
import { judge, ratios, show } from '../statistics.ts'
import type { Table } from '../table.ts'

const delayMs = 20
const members = 50
const aheadOfEach = [1, 4]
const warmUpMs = 1_000
/** A room of the five-statement form does some ten messages a second. */
const windowMinMs = 5_000
const interactiveClients = 20
/** No room of the Socket.IO peer. */
const interactiveRoom = -1

export async function farDatabase(stage: Stage, options: Options): Promise<Table> {
  const { driver, client } = stage
  const { port, proxy } = await stage.startMuster({ delayMs })
  const room = await openMusterRoom(driver, { port, client, sockets: members, batch: true })
  await client.query(peerTables)
  await client.query(addPeerRoom, [interactiveRoom])
  const clients = await Promise.all(
    Array.from({ length: interactiveClients }, () => connectNeon(stage.postgres.url, proxy)),
  )

  const time = { warmUpMs, windowMs: Math.max(windowMinMs, options.seconds * 1_000) }
  let written = 0
  const interactive = async () => {
    const each = clients.map((one, index) =>
      repeat(async () => {
        written += 1
        await writeInFiveStatements(one, {
          room: interactiveRoom,
          sender_id: `bench-${index}`,
          client_message_id: `bench-${written}`,
          content: 'x',
        })
      }, time),
    )
    const done = await Promise.all(each)
    return done.reduce((sum, { perSecond }) => sum + perSecond, 0)
  }
  const musterRate = async (ahead: number) => {
    const plan: LoadPlan = { ...time, senders: members, pace: { kind: 'closed', ahead } }
    return (await room.measure(plan)).rate
  }

  const rows: string[][] = []
  for (const ahead of aheadOfEach) {
    const rates = await inRounds(options.rounds, {
      muster: () => musterRate(ahead),
      interactive,
    })
    rows.push([
      `${members} × ${ahead}`,
      show(rates.muster),
      show(rates.interactive),
      judge(ratios(rates.muster, rates.interactive), { atLeast: 100 }),
    ])
  }
  await Promise.all([room.close(), ...clients.map((one) => one.end())])
  return {
    title: `P6 Far database, ${delayMs} ms`,
    how:
      `Messages per second of one room of ${members} members, the bridge adding ${delayMs} ms to ` +
      'each round trip. Senders × messages of each on their way at once. Against the five-statement ' +
      `transaction, ${interactiveClients} clients over the same bridge into one room.`,
    head: ['on their way', 'Muster', 'five statements', 'times that'],
    rows,
  }
}
