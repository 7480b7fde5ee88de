/** Rooms full of people for the system tests, made straight in Postgres, and their tokens. */
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Pool } from 'pg'
import { inject } from 'vitest'
import { JOIN_SILENTLY } from './join-silently.ts'

export type Person = { readonly user_id: string; readonly token: string }

export type RoomOfPeople = { readonly room_id: string; readonly people: readonly Person[] }

/** A room in which all of them may write; the first is its owner. */
export async function createRoomOf(pool: Pool, count: number): Promise<RoomOfPeople> {
  const room_id = randomUUID()
  const ids = Array.from({ length: count }, (_, index) => `p${index}-${room_id.slice(0, 8)}`)
  const [owner = ''] = ids
  await pool.query(
    `INSERT INTO tr_users (user_id, display_name) SELECT id, 'Person ' || id FROM unnest($1::text[]) AS id`,
    [ids],
  )
  const details = { title: 'Line 3 stopped', incident_type: 'other', severity: 'high' }
  await pool.query('SELECT create_room($1, $2, $3)', [room_id, owner, JSON.stringify(details)])
  for (const user_id of ids.slice(1))
    await pool.query(JOIN_SILENTLY, [room_id, user_id, 'editor', randomUUID(), owner])
  return { room_id, people: await Promise.all(ids.map((id) => tokenFor(id))) }
}

/** What the development sign-in would give them, without a thousand requests (SEC-1). */
export async function tokenFor(user_id: string, lifetime = '1 hour'): Promise<Person> {
  const { AUTH_SECRET = '' } = inject('workerBindings')
  const token = await new SignJWT({ name: `Person ${user_id}` })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user_id)
    .setIssuer('muster')
    .setAudience('muster')
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(new TextEncoder().encode(AUTH_SECRET))
  return { user_id, token }
}
