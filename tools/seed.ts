/**
 * Demo people and rooms for a fresh database: what somebody sees who has just started Muster.
 * Written through the same procedures as everything else, then moved into the past. Safe to run on
 * every start: a database that has any room is left as it is.
 */
import { Client } from 'pg'
import { backdate } from './seed/backdate.ts'
import { demoPeople } from './seed/people.ts'
import { demoRooms } from './seed/rooms.ts'
import { writeRoom } from './seed/write-room.ts'

export { demoPeople } from './seed/people.ts'

// "seed" in ASCII; two starts at once must not both find the database empty.
const advisoryLockKey = 0x73656564

/** All of it or nothing. @param now in ms since the epoch; the demo ends about then. */
export async function seed(url: string, now = Date.now()): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'muster-seed' })
  // A connection lost between two statements; the next statement fails and says so.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [advisoryLockKey])
    const { rows } = await client.query('SELECT FROM incident_rooms LIMIT 1')
    if (rows.length === 0) {
      await savePeople(client)
      for (const room of demoRooms(now)) await backdate(client, room, await writeRoom(client, room))
    }
    await client.query('COMMIT')
  } finally {
    // Ends the session, and with it a transaction that failed.
    await client.end().catch(() => {})
  }
}

/** A moment apart, so that lists by age show them in this order. */
async function savePeople(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO tr_users (user_id, display_name, is_admin, created_at)
      SELECT p.user_id, p.display_name, p.is_admin, now() - interval '30 days' + ordinality * interval '1 second'
      FROM ROWS FROM (json_to_recordset($1) AS (user_id text, display_name text, is_admin boolean))
        WITH ORDINALITY AS p (user_id, display_name, is_admin, ordinality)
      ON CONFLICT (user_id) DO NOTHING`,
    [JSON.stringify(demoPeople)],
  )
}
