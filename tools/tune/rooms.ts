/** The rooms that are written to: of this run alone, and gone with everything in them afterwards. */
import type { Client } from 'pg'
import { uuidv7 } from 'uuidv7'
import { RoomWriter } from './room-writer.ts'

export type Rooms = {
  readonly writers: readonly RoomWriter[]
  remove(): Promise<void>
}

const details = JSON.stringify({ title: 'npm run tune', incident_type: 'other', severity: 'low' })

export async function makeRooms(client: Client, count: number): Promise<Rooms> {
  const run = uuidv7()
  const rooms = Array.from({ length: count }, (_, index) => ({
    room_id: uuidv7(),
    user_id: `tune-${run}-${index}`,
  }))
  const user_ids = rooms.map(({ user_id }) => user_id)
  const room_ids = rooms.map(({ room_id }) => room_id)
  await client.query('BEGIN')
  await client.query(
    'INSERT INTO tr_users (user_id, display_name) SELECT id, id FROM unnest($1::text[]) id',
    [user_ids],
  )
  await client.query(
    'SELECT create_room(room_id, user_id, $3) FROM unnest($1::uuid[], $2::text[]) AS t (room_id, user_id)',
    [room_ids, user_ids, details],
  )
  await client.query('COMMIT')
  const { rows } = await client.query<{ room_id: string; revision: number }>(
    'SELECT room_id, last_revision::float8 AS revision FROM incident_rooms WHERE room_id = ANY ($1)',
    [room_ids],
  )
  const revisions = new Map(rows.map(({ room_id, revision }) => [room_id, revision]))
  return {
    writers: rooms.map(
      (room) => new RoomWriter({ ...room, revision: revisions.get(room.room_id) ?? 0 }),
    ),
    async remove() {
      // Only rooms know who belongs to them; what they wrote has to be asked for by itself.
      await client.query('BEGIN')
      for (const table of ['messages', 'room_revisions', 'incident_rooms'])
        await client.query(`DELETE FROM ${table} WHERE room_id = ANY ($1)`, [room_ids])
      await client.query('DELETE FROM tr_users WHERE user_id = ANY ($1)', [user_ids])
      await client.query('COMMIT')
    },
  }
}
