/** What may become of a message, by whom and until when; and what is left of it (MSG-7…11). */
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listPins, readMessage, readMessageHistory } from '../../src/database/messages.ts'
import type { CommitItem, MessageChangeItem, MessageItem } from '../../src/domain/room/commit.ts'
import type { Message } from '../../src/protocol/message.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message, oneTo, roomRow } from './builders.ts'

let database: Database
let room_id: string
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'root', is_admin: true })
  room_id = await addRoom(database.pool, { ben: 'editor', vic: 'viewer', olga: 'owner' })
})
afterAll(() => database.drop())

type Change = MessageChangeItem extends infer Each
  ? Each extends MessageChangeItem
    ? Omit<Each, 'change_id' | 'actor_id' | 'message_id'>
    : never
  : never

const change = (actor_id: string, message_id: string, what: Change): CommitItem =>
  ({ change_id: uuidv7(), actor_id, message_id, ...what }) as CommitItem

const edit = (content: string, more: { mentions?: string[]; window_ms?: number } = {}): Change => ({
  kind: 'message_edited',
  content,
  mentions: more.mentions ?? [],
  search: null,
  window_ms: more.window_ms ?? 900_000,
})
const deletion: Change = { kind: 'message_deleted' }
const react = (emoji: string): Change => ({ kind: 'reaction_added', emoji })
const takeBack = (emoji: string): Change => ({ kind: 'reaction_removed', emoji })
const pin = (event_at: string | null = null): Change => ({ kind: 'message_pinned', event_at })
const unpin: Change = { kind: 'message_unpinned' }

/** What became of one item: its status, or the code it was refused with. */
const attempt = async (item: CommitItem, room = room_id): Promise<string | undefined> => {
  const { results } = await commit(database.pool, { room_id: room, items: [item] })
  const [result] = results
  return result?.status === 'refused' ? result.code : result?.status
}

const said = async (overrides: Partial<MessageItem> = {}): Promise<string> => {
  const item = message(overrides)
  expect(await attempt(item)).toBe('committed')
  return item.change_id
}

const read = async (message_id: string): Promise<Message> => {
  const seen = await readMessage(database.pool, { room_id, message_id, user_id: 'ann' })
  if (!seen?.message) throw new Error('no such message')
  return seen.message
}

const versions = async (message_id: string) => {
  const args = { room_id, message_id, user_id: 'ann' }
  return (await readMessageHistory(database.pool, args))?.versions
}

describe('edits', () => {
  test('[MSG-7] an own message gets other words; every earlier text is kept', async () => {
    const message_id = await said({ content: 'one' })
    expect(await attempt(change('ann', message_id, edit('two')))).toBe('changed')
    expect(await attempt(change('ann', message_id, edit('three 🎉')))).toBe('changed')
    const now = await read(message_id)
    expect(now).toMatchObject({ content: 'three 🎉', edited_at: expect.any(String) })
    expect(now.changed_revision).toBe(now.revision + 2)
    expect((await versions(message_id))?.map(({ content }) => content)).toEqual([
      ...['one', 'two', 'three 🎉'],
    ])
  })

  test('[MSG-7] the same words again, and the same change again, are no revision', async () => {
    const message_id = await said({ content: 'one' })
    const first = change('ann', message_id, edit('two'))
    expect(await attempt(first)).toBe('changed')
    const { last_revision } = await roomRow(database.pool, room_id)
    expect(await attempt(first)).toBe('repeated')
    expect(await attempt(change('ann', message_id, edit('two')))).toBe('unchanged')
    expect(await roomRow(database.pool, room_id)).toMatchObject({ last_revision })
  })

  test('[MSG-7] after its time an edit is too late, by the clock of the database', async () => {
    const message_id = await said()
    await database.pool.query(
      `UPDATE messages SET created_at = created_at - interval '15 minutes 1 second'
        WHERE message_id = $1`,
      [message_id],
    )
    expect(await attempt(change('ann', message_id, edit('late')))).toBe('too_late')
    const longer = edit('late', { window_ms: 1_000_000 })
    expect(await attempt(change('ann', message_id, longer))).toBe('changed')
  })

  test.each(['ben', 'olga', 'root', 'vic', 'stranger'])(
    '[MSG-7] somebody else’s message is not to be edited, not even by %s',
    async (actor_id) => {
      const message_id = await said({ content: 'mine' })
      expect(await attempt(change(actor_id, message_id, edit('yours')))).toBe('forbidden')
      expect((await read(message_id)).content).toBe('mine')
    },
  )

  test('[MSG-7] neither what the system said nor readings are to be edited', async () => {
    const readings = await said({
      message_type: 'incident_data',
      content: '',
      data: { temperature: 80 },
    })
    expect(await attempt(change('ann', readings, edit('x')))).toBe('bad_request')
    await commit(database.pool, {
      room_id,
      items: [
        {
          kind: 'room_updated',
          change_id: uuidv7(),
          message_id: uuidv7(),
          actor_id: 'ann',
          changes: { title: `Line ${uuidv7()} stopped` },
        },
      ],
    })
    const { rows } = await database.pool.query(
      `SELECT message_id, content, data FROM messages
        WHERE room_id = $1 AND message_type = 'system' ORDER BY sequence_number DESC LIMIT 1`,
      [room_id],
    )
    expect(rows[0].data).toMatchObject({ event: 'title_changed', from: 'Line 3 stopped' })
    expect(await attempt(change('ann', rows[0].message_id, edit('x')))).toBe('forbidden')
    expect(await attempt(change('ann', rows[0].message_id, deletion))).toBe('forbidden')
  })

  test('[MSG-10] the mentions of the new words replace those of the old', async () => {
    const message_id = await said({ content: '@ben', mentions: ['ben'] })
    const to = edit('@olga and @stranger', { mentions: ['olga', 'stranger'] })
    expect(await attempt(change('ann', message_id, to))).toBe('changed')
    expect((await read(message_id)).mentions).toEqual(['olga'])
  })

  test('[MSG-3] a repeat of the first send is known by its first words', async () => {
    const item = message({ content: 'first' })
    await attempt(item)
    await attempt(change('ann', item.change_id, edit('second')))
    expect(await attempt({ ...item, change_id: uuidv7() })).toBe('duplicate')
    expect(await attempt({ ...item, change_id: uuidv7(), content: 'second' })).toBe('conflict')
  })
})

describe('deletion', () => {
  test('[MSG-8] nothing said is left to read, all of it is left for the audit', async () => {
    const message_id = await said({ content: 'secret', mentions: ['ben'] })
    await attempt(change('ann', message_id, edit('more secret')))
    await attempt(change('ben', message_id, react('👍')))
    await attempt(change('ben', message_id, pin()))
    expect(await attempt(change('ann', message_id, deletion))).toBe('changed')
    expect(await read(message_id)).toMatchObject({
      content: '',
      mentions: [],
      reactions: [],
      pin: null,
      deleted_by: 'ann',
      deleted_at: expect.any(String),
    })
    expect(await versions(message_id)).toEqual([])
    const pins = await listPins(database.pool, { room_id, user_id: 'ann' })
    expect(pins?.messages.map((one) => one.message_id)).not.toContain(message_id)
    const { rows } = await database.pool.query(
      `SELECT string_agg(payload ->> 'content', ',' ORDER BY revision) AS texts
        FROM room_revisions WHERE message_id = $1`,
      [message_id],
    )
    expect(rows[0].texts).toBe('secret,more secret')
  })

  test.each([
    ['ann', 'changed'],
    ['olga', 'changed'],
    ['root', 'changed'],
    ['ben', 'forbidden'],
    ['vic', 'forbidden'],
    ['stranger', 'forbidden'],
  ])('[MSG-8] of a message by ann %s may ask: %s', async (actor_id, outcome) => {
    const message_id = await said()
    expect(await attempt(change(actor_id, message_id, deletion))).toBe(outcome)
  })

  test('[MSG-8] again it is unchanged, and nothing else happens to it any more', async () => {
    const message_id = await said()
    await attempt(change('ann', message_id, deletion))
    expect(await attempt(change('olga', message_id, deletion))).toBe('unchanged')
    for (const what of [edit('x'), react('👍'), takeBack('👍'), pin(), unpin])
      expect(await attempt(change('ann', message_id, what))).toBe('not_found')
  })
})

describe('reactions', () => {
  test('[MSG-9] one per person and emoji, counted, in the order they came', async () => {
    const message_id = await said()
    for (const [who, emoji] of [
      ['ben', '🎉'],
      ['ann', '👍'],
      ['ben', '👍'],
      ['olga', '🎉'],
    ] as const)
      expect(await attempt(change(who, message_id, react(emoji)))).toBe('changed')
    expect(await attempt(change('ben', message_id, react('👍')))).toBe('unchanged')
    const { reactions, revision } = await read(message_id)
    expect(reactions).toEqual([
      { emoji: '🎉', count: 2, user_ids: ['ben', 'olga'], first_revision: revision + 1 },
      { emoji: '👍', count: 2, user_ids: ['ann', 'ben'], first_revision: revision + 2 },
    ])
    expect(await attempt(change('ben', message_id, takeBack('🎉')))).toBe('changed')
    expect(await attempt(change('ben', message_id, takeBack('🎉')))).toBe('unchanged')
    expect((await read(message_id)).reactions.map(({ emoji, count }) => [emoji, count])).toEqual([
      ['👍', 2],
      ['🎉', 1],
    ])
  })

  test('[MSG-9] 50 people at once with one emoji: 50 revisions, the last one counts 50', async () => {
    const people = oneTo(50).map((number) => `p${number}`)
    const crowd = await addRoom(
      database.pool,
      Object.fromEntries(people.map((user_id) => [user_id, 'editor' as const])),
    )
    const item = message()
    await attempt(item, crowd)
    await Promise.all(people.map((who) => attempt(change(who, item.change_id, react('👍')), crowd)))
    const { rows } = await database.pool.query(
      `SELECT (payload ->> 'count')::int AS count FROM room_revisions
        WHERE room_id = $1 AND kind = 'reaction_added' ORDER BY revision`,
      [crowd],
    )
    expect(rows.map(({ count }) => count)).toEqual(oneTo(50))
  })

  test('[LIM-4] a message has so many different emojis and no more', async () => {
    const message_id = await said()
    const emojis = oneTo(51).map((number) => String.fromCodePoint(0x1f400 + number))
    for (const emoji of emojis.slice(0, 50)) await attempt(change('ann', message_id, react(emoji)))
    expect(await attempt(change('ann', message_id, react(emojis[50] ?? '')))).toBe('conflict')
    expect(await attempt(change('ben', message_id, react(emojis[0] ?? '')))).toBe('changed')
  })
})

describe('pins', () => {
  test('[MSG-11] a pin is of the time it was said, until somebody corrects it', async () => {
    const first = await said({ content: 'first' })
    const second = await said({ content: 'second' })
    for (const message_id of [first, second])
      expect(await attempt(change('ben', message_id, pin()))).toBe('changed')
    const before = await read(second)
    expect(before.pin).toMatchObject({ pinned_by: 'ben', event_at: before.created_at })
    expect(await attempt(change('ann', second, pin()))).toBe('unchanged')
    expect(await attempt(change('ann', second, pin('2026-01-01T08:00:00.5+08:00')))).toBe('changed')
    expect((await read(second)).pin).toMatchObject({
      pinned_by: 'ann',
      event_at: '2026-01-01T00:00:00.500Z',
    })
    const pins = async () =>
      (await listPins(database.pool, { room_id, user_id: 'vic' }))?.messages.flatMap((one) =>
        [first, second].includes(one.message_id) ? [one.content] : [],
      )
    expect(await pins()).toEqual(['second', 'first'])
    expect(await attempt(change('ann', second, unpin))).toBe('changed')
    expect(await attempt(change('ann', second, unpin))).toBe('unchanged')
    expect(await pins()).toEqual(['first'])
  })

  test('[MSG-11] a time outside of the calendar is refused and changes nothing', async () => {
    const message_id = await said()
    expect(await attempt(change('ann', message_id, pin('0000-01-01T00:00:00Z')))).toBe(
      'bad_request',
    )
    expect((await read(message_id)).pin).toBeNull()
  })
})

describe('the gate', () => {
  const everything: Change[] = [edit('x'), deletion, react('👍'), takeBack('👍'), pin(), unpin]

  test('[SEC-2] viewers and strangers may nothing; nobody anything in an archived room', async () => {
    const archived = await addRoom(database.pool, { vic: 'viewer' })
    const item = message()
    await attempt(item, archived)
    for (const who of ['vic', 'stranger'])
      for (const what of everything)
        expect(await attempt(change(who, item.change_id, what), archived)).toBe('forbidden')
    const archive = {
      kind: 'room_updated',
      change_id: uuidv7(),
      message_id: uuidv7(),
      actor_id: 'ann',
      changes: { status: 'archived' },
    } as const
    expect(await attempt(archive, archived)).toBe('changed')
    for (const what of everything)
      expect(await attempt(change('ann', item.change_id, what), archived)).toBe('forbidden')
  })

  test('[SEC-2] a message of another room is not found', async () => {
    const message_id = await said()
    const elsewhere = await addRoom(database.pool)
    for (const what of everything)
      expect(await attempt(change('ann', message_id, what), elsewhere)).toBe('not_found')
    const args = { room_id: elsewhere, message_id, user_id: 'ann' }
    expect((await readMessage(database.pool, args))?.message).toBeNull()
    expect((await readMessageHistory(database.pool, args))?.versions).toBeNull()
  })
})

const upload = async (
  uploaded_by: string,
  content_type: string,
  room = room_id,
): Promise<string> => {
  const file_id = uuidv7()
  await database.pool.query(
    `INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes, width, height)
      VALUES ($1, $2, $3, 'belt.png', $4, 1200, 640, 480)`,
    [file_id, room, uploaded_by, content_type],
  )
  return file_id
}

describe('kinds', () => {
  test('[MSG-4] [API-5] a picture is said with its file, and the file is referred to from then on', async () => {
    const file_id = await upload('ann', 'image/png')
    const item = message({ message_type: 'image_ref', content: 'the belt', file_id })
    const { results } = await commit(database.pool, { room_id, items: [item] })
    const file = {
      ...{ file_id, name: 'belt.png', size: 1200, content_type: 'image/png' },
      ...{ width: 640, height: 480 },
    }
    expect(results[0]).toMatchObject({ status: 'committed', file })
    expect(await read(item.change_id)).toMatchObject({
      message_type: 'image_ref',
      content: 'the belt',
      file_id,
      file_url: `/api/files/${file_id}`,
      file,
    })
    const { rows } = await database.pool.query(
      'SELECT referenced_at IS NOT NULL AS is_referenced FROM files WHERE file_id = $1',
      [file_id],
    )
    expect(rows[0].is_referenced).toBe(true)
    await attempt(change('ann', item.change_id, deletion))
    expect(await read(item.change_id)).toMatchObject({ file_id: null, file_url: null, file: null })
  })

  test('[SEC-2] [API-5] somebody else’s upload, one to another room, and none at all are not found', async () => {
    const elsewhere = await addRoom(database.pool)
    for (const file_id of [
      await upload('ben', 'image/png'),
      await upload('ann', 'image/png', elsewhere),
      uuidv7(),
    ])
      expect(await attempt(message({ message_type: 'image_ref', file_id }))).toBe('not_found')
    const pdf = await upload('ann', 'application/pdf')
    expect(await attempt(message({ message_type: 'image_ref', file_id: pdf }))).toBe('bad_request')
    expect(await attempt(message({ message_type: 'file_ref', file_id: pdf }))).toBe('committed')
  })

  test('[MSG-4] readings are stored as JSON and come back as the content', async () => {
    const data = { line: 3, temperature: 81.5, is_running: false, oven: { zone: 'A12-77' } }
    const item = message({ message_type: 'incident_data', content: '', data })
    await attempt(item)
    expect(await read(item.change_id)).toMatchObject({ content: data, data: null })
    expect(await attempt({ ...item, change_id: uuidv7() })).toBe('duplicate')
    const other = { ...item, change_id: uuidv7(), data: { ...data, line: 4 } }
    expect(await attempt(other)).toBe('conflict')
  })
})
