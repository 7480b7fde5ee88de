/** One-way messages to rooms of Muster, as the load process posts them. */
import { pause } from '../../dev/child-process.ts'
import type { PostPlan } from '../load/posting.ts'
import type { Queryable } from '../sql/five-statements.ts'
import { tokenOf, type BenchRoom } from './members.ts'

const pollMs = 20
const drainTimeoutMs = 180_000

type Sending = Pick<PostPlan, 'messages' | 'sockets'> & { rate?: number }

/** One request per message, from the members in turn. */
export async function singlePosts(
  port: number,
  room: BenchRoom,
  sending: Sending,
): Promise<PostPlan> {
  return {
    ...(await plan(port, room, 'application/json')),
    path: '/api/messages/one-way',
    ...sending,
  }
}

/** All of them in one request. */
export async function batchPost(
  port: number,
  room: BenchRoom,
  messages: number,
): Promise<PostPlan> {
  return {
    ...(await plan(port, room, 'application/x-ndjson')),
    path: '/api/messages/one-way/batch',
    sockets: 1,
    messages,
    lines: messages,
  }
}

async function plan(port: number, { room_id, members }: BenchRoom, contentType: string) {
  const headers = members.map(async (user_id) => ({
    'Content-Type': contentType,
    Authorization: `Bearer ${await tokenOf(user_id)}`,
  }))
  const message = JSON.stringify({
    recipient: { type: 'room', id: room_id },
    content: '$content',
    idempotency_key: '$id',
  })
  return { port, headers: await Promise.all(headers), message }
}

/** Resolves when so many messages of the room are in the database, numbered without a gap. */
export async function untilStored(
  client: Queryable,
  room_id: string,
  count: number,
): Promise<void> {
  for (const deadline = performance.now() + drainTimeoutMs; ; await pause(pollMs)) {
    const { rows } = await client.query(
      'SELECT last_sequence::int AS last FROM incident_rooms WHERE room_id = $1',
      [room_id],
    )
    const last = Number(rows[0]?.['last'])
    if (last > count) throw new Error(`${last} messages are stored, ${count} were posted.`)
    if (last === count) return
    if (performance.now() > deadline) throw new Error(`Only ${last} of ${count} are stored.`)
  }
}
