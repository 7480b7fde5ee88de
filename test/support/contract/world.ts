/**
 * A room as the documents tell of it: Mei owns it, Lin is an editor, both have said something.
 * Every id of the documented cast has its real one here, so that an example can be sent as it is
 * written, with the ids replaced.
 */
import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { cast } from '../../../src/http/documented-cast.ts'
import { createRoomOf } from '../people.ts'

/** `admin` runs the deployment and is a member of nothing here. */
export type Role = 'mei' | 'lin' | 'stranger' | 'admin'

export type World = {
  readonly url: string
  readonly pool: Pool
  readonly room_id: string
  readonly tokens: Readonly<Record<Role, string>>
  /** From now on this is what a documented text stands for. */
  learn(documented: string, real: string): void
  /** What a documented thing is here: the same, with real ids. */
  real<Documented>(documented: Documented): Documented
  /** @throws Error where it does not succeed: what a test prepares must be there. */
  prepare(who: Role, method: string, documentedPath: string, body?: unknown): Promise<unknown>
}

type Place = { readonly url: string; readonly pool: Pool }

export async function createWorld({ url, pool }: Place): Promise<World> {
  const { room_id, people } = await createRoomOf(pool, 2)
  const elsewhere = await createRoomOf(pool, 2)
  const [mei, lin, stranger, admin] = [...people, ...elsewhere.people]
  if (!mei || !lin || !stranger || !admin) throw new Error('nobody came')
  await pool.query("UPDATE tr_users SET display_name = 'Lin' WHERE user_id = $1", [lin.user_id])
  await pool.query('UPDATE tr_users SET is_admin = true WHERE user_id = $1', [admin.user_id])

  const ids = new Map<string, string>([
    [cast.room_id, room_id],
    [cast.mei, mei.user_id],
    [cast.lin, lin.user_id],
    [cast.client_message_id, randomUUID()],
    [cast.token, mei.token],
  ])
  const world: World = {
    url,
    pool,
    room_id,
    tokens: {
      mei: mei.token,
      lin: lin.token,
      stranger: stranger.token,
      admin: admin.token,
    },
    learn: (documented, real) => void ids.set(documented, real),
    real: (documented) => {
      let text = JSON.stringify(documented)
      for (const [id, realId] of ids) text = text.replaceAll(id, realId)
      return JSON.parse(text) as typeof documented
    },
    prepare: async (who, method, documentedPath, body) => {
      const response = await fetch(`${url}${world.real(documentedPath)}`, {
        method,
        headers: {
          authorization: `Bearer ${world.tokens[who]}`,
          ...(body === undefined || body instanceof FormData
            ? {}
            : { 'content-type': 'application/json' }),
        },
        ...(body === undefined
          ? {}
          : { body: body instanceof FormData ? body : JSON.stringify(world.real(body)) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${documentedPath}: ${response.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
  }
  for (const [id, who] of [
    [cast.reply_to, 'lin'],
    [cast.message_id, 'mei'],
  ] as const) {
    const message = await world.prepare(who, 'POST', `/api/rooms/${cast.room_id}/messages`, {
      content: `${who} said this`,
    })
    ids.set(id, (message as { message_id: string }).message_id)
  }
  for (const [id, name, bytes] of [
    [cast.image_id, 'seal.png', PIXEL],
    [cast.file_id, 'log.txt', 'over'],
  ] as const) {
    const form = new FormData()
    form.set('file', new Blob([bytes]), name)
    const file = await world.prepare('mei', 'POST', `/api/rooms/${cast.room_id}/files`, form)
    ids.set(id, (file as { file_id: string }).file_id)
  }
  return world
}

/** The smallest picture: PNG, one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
