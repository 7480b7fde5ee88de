/** A room of Muster full of clients, one socket per member. */
import { pause } from '../../dev/child-process.ts'
import type { Dialect } from '../load/dialect.ts'
import type { Driver } from '../load/driver.ts'
import type { Heard, LoadPlan } from '../load/orders.ts'
import type { PostPlan } from '../load/posting.ts'
import type { Measured } from '../load/tally.ts'
import type { Queryable } from '../sql/five-statements.ts'
import { createRoom, tokenOf, type BenchRoom } from './members.ts'

export type MusterRoom = {
  readonly room: BenchRoom
  /** @throws Error unless every message that was received is in the database, in order. */
  measure(plan: LoadPlan): Promise<Measured>
  /** The same for messages that are posted to it. */
  hear(plan: PostPlan): Promise<Heard>
  close(): Promise<void>
}

const musterDialect: Dialect = {
  message: '{"type":"message","content":"$content","client_message_id":"$id"}',
  ready: '{"type":"welcome"',
  ping: '{"type":"ping"}',
  pong: '{"type":"pong"}',
  sequence: '"sequence_number":',
}

/** A client that names no revision may still do so within a second; it hears nothing until then. */
const greetingMs = 1_200

export async function openMusterRoom(
  driver: Driver,
  options: { port: number; client: Queryable; sockets: number; batch: boolean },
): Promise<MusterRoom> {
  const { port, client } = options
  const room = await createRoom(client, options.sockets)
  const { room_id, members } = room
  const path = `/ws/${room_id}${options.batch ? '?batch=1' : ''}`
  const seats = members.map(async (user_id) => ({
    path,
    headers: { Authorization: `Bearer ${await tokenOf(user_id)}` },
  }))
  const crowd = await driver.open({ port, dialect: musterDialect, seats: await Promise.all(seats) })
  await pause(greetingMs)

  let sent = 0
  const compare = async (received: number) => {
    sent += received
    const { rows } = await client.query(
      'SELECT count(*)::int AS stored FROM messages WHERE room_id = $1',
      [room_id],
    )
    const stored = rows[0]?.['stored']
    if (stored !== sent) throw new Error(`${sent} messages were received, ${stored} are stored.`)
  }
  return {
    room,
    async hear(plan) {
      const heard = await crowd.hear(plan)
      await compare(plan.messages)
      return heard
    },
    async measure(plan) {
      const measured = await crowd.measure(plan)
      await compare(measured.sent)
      if (measured.outOfOrder > 0) throw new Error('Sequence numbers came out of order.')
      return measured
    },
    close: () => crowd.close(),
  }
}
