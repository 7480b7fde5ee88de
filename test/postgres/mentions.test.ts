/** Messages that mention somebody (API-3). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listMentions, type MentionPlace } from '../../src/database/mentions.ts'
import { Mention } from '../../src/protocol/search.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message } from './builders.ts'

let database: Database
let hall: string
let yard: string

const say = async (room_id: string, content: string, mentions: string[]): Promise<string> => {
  const item = message({ content, mentions })
  await commit(database.pool, { room_id, items: [item] })
  return item.change_id
}

beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
  hall = await addRoom(database.pool, { ben: 'editor', cid: 'editor' })
  yard = await addRoom(database.pool, { ben: 'viewer' })
  await say(hall, 'hall 1', ['ben'])
  await say(yard, 'yard 1', ['ben', 'ann'])
  await say(hall, 'hall 2', ['cid', 'ben'])
  await say(hall, 'hall 3', [])
  await say(yard, 'yard 2', ['ben'])
  await say(hall, 'hall 4', ['ben'])
  const gone = await say(hall, 'hall 5', ['ben'])
  await database.pool.query('UPDATE messages SET deleted_at = now() WHERE message_id = $1', [gone])
  // Ben has read the hall up to its third message.
  await database.pool.query(
    `UPDATE room_members SET read_sequence = 3 WHERE room_id = $1 AND user_id = 'ben'`,
    [hall],
  )
})
afterAll(() => database.drop())

const list = (user_id: string, mentioned_id = user_id) =>
  listMentions(database.pool, { user_id, mentioned_id, after: null, count: 50 })

const contentsOf = (rows: Awaited<ReturnType<typeof list>>) =>
  rows.map(({ message: { content, unread } }) => `${String(content)}${unread ? ' *' : ''}`)

test('[API-3] what is unread first, then the rest, each newest first; deleted ones are left out', async () => {
  const rows = await list('ben')
  expect(contentsOf(rows)).toEqual(['hall 4 *', 'yard 2 *', 'yard 1 *', 'hall 2', 'hall 1'])
  expect(rows[0]?.message).toMatchObject({
    room_id: hall,
    room_title: 'Line 3 stopped',
    sender_display_name: 'Ann Lin',
    mentions: ['ben'],
  })
  expect(Object.keys(Mention.shape)).toEqual(
    expect.arrayContaining(Object.keys(rows[0]?.message ?? {})),
  )
  expect(contentsOf(await list('cid'))).toEqual(['hall 2 *'])
  expect(contentsOf(await list('eve'))).toEqual([])
})

test('[API-3] of somebody else: in rooms both are in, unread by who asks', async () => {
  expect(contentsOf(await list('cid', 'ben'))).toEqual(['hall 4 *', 'hall 2 *', 'hall 1 *'])
  expect(contentsOf(await list('ben', 'ann'))).toEqual(['yard 1 *'])
  expect(contentsOf(await list('cid', 'ann'))).toEqual([])
  expect(contentsOf(await list('eve', 'ben'))).toEqual([])
})

test('[API-3] page after page: every one once', async () => {
  for (const count of [1, 2, 3, 5]) {
    const seen: string[] = []
    let after: MentionPlace | null = null
    for (;;) {
      const rows = await listMentions(database.pool, {
        ...{ user_id: 'ben', mentioned_id: 'ben', after, count },
      })
      seen.push(...rows.map(({ message: { content } }) => String(content)))
      const last = rows.at(-1)
      if (!last) break
      after = { ...last.place, unread: last.message.unread }
    }
    expect(seen).toEqual(['hall 4', 'yard 2', 'yard 1', 'hall 2', 'hall 1'])
  }
})

test('[API-3] [SEC-2] who has left a room sees no mention of it, nor is shown by it', async () => {
  const left = await addRoom(database.pool, { ben: 'editor', dee: 'editor' })
  await say(left, 'left', ['dee', 'ben'])
  expect(contentsOf(await list('dee'))).toEqual(['left *'])
  await database.pool.query(`DELETE FROM room_members WHERE room_id = $1 AND user_id = 'dee'`, [
    left,
  ])
  expect(contentsOf(await list('dee'))).toEqual([])
  expect(contentsOf(await list('ben', 'dee'))).toEqual([])
  expect(contentsOf(await list('ben'))).toContain('left *')
})
