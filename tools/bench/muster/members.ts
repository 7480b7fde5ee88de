/** A room of Muster with members in it, written straight to the database, and their tokens. */
import { SignJWT } from 'jose'
import { uuidv7 } from 'uuidv7'
import type { Queryable } from '../sql/five-statements.ts'

export type BenchRoom = {
  room_id: string
  /** User ids; the first is the owner. */
  members: string[]
  /** Where the room stands as it is made. */
  revision: number
}

/** Of the Workers that are measured; nobody else knows them. */
export const authSecret = uuidv7() + uuidv7()

const details = { title: 'Benchmark', incident_type: 'other', severity: 'low' }

export async function createRoom(client: Queryable, count: number): Promise<BenchRoom> {
  const room_id = uuidv7()
  const members = Array.from(
    { length: count },
    (_, index) => `bench-${String(index).padStart(4, '0')}@example.com`,
  )
  // The highest tier, so that no rate limit for people is what is measured.
  await client.query(
    `INSERT INTO tr_users (user_id, display_name, tier)
     SELECT id, 'Bench ' || substr(id, 7, 4), 'enterprise' FROM unnest($1::text[]) AS id
     ON CONFLICT DO NOTHING`,
    [members],
  )
  await client.query('SELECT create_room($1, $2, $3)', [
    room_id,
    members[0],
    JSON.stringify(details),
  ])
  await client.query(
    `INSERT INTO room_members (room_id, user_id, role, joined_at)
     SELECT $1, id, 'editor', now() FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING`,
    [room_id, members],
  )
  return { room_id, members, revision: 1 }
}

/** As a sign-in would give it. */
export function tokenOf(user_id: string): Promise<string> {
  return new SignJWT({ name: user_id })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user_id)
    .setIssuer('muster')
    .setAudience('muster')
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(new TextEncoder().encode(authSecret))
}
