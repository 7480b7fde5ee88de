/** What is found and what is not, by the terms that the writer makes of messages (API-2). */
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchRoom, searchRooms, type SearchFilters } from '../../src/database/search.ts'
import type { CommitItem, MessageItem } from '../../src/domain/room/commit.ts'
import { searchQueryOf } from '../../src/domain/search/query.ts'
import { fileSearchVectorOf, searchVectorOf } from '../../src/domain/search/terms.ts'
import { searchPositionOf } from '../../src/http/cursor.ts'
import { searchPageOf } from '../../src/http/search-page.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message } from './builders.ts'

let database: Database
let room_id: string
let other_room_id: string

type Saying = Partial<Pick<MessageItem, 'content' | 'data' | 'message_type'>> & {
  readonly file_name?: string
}

/** By a short name, what was said in the room, in this order. */
const said: Record<string, Saying> = {
  overheat: { content: '三號烤箱溫度過高，請立即停機檢查' },
  cooled: { content: '烤箱已降溫，溫度回到一百八十度。' },
  apart: { content: '度過難關之後，過高的溫度已經排除' },
  station: { content: '第3號機台壓力異常，CNC機台正常' },
  station13: { content: '13號機台壓力正常' },
  lot: { content: 'Lot A12-77 is on hold (operator: Mei)' },
  lot78: { content: 'lot A12-78 released' },
  wide: { content: '批號Ａ１２－７７已隔離' },
  pressure: { content: 'Pressure dropped to 4.1 bar, check the PRESSURE-RELIEF valve' },
  press: { content: 'press 4 stopped' },
  cafe: { content: 'Meet at the Café Zürich, Straße 5' },
  emoji: { content: 'Fixed 🎉 thanks 👩🏽‍🔧 and 👍🏽' },
  flag: { content: '台灣隊加油🇹🇼' },
  quote: { content: `O'Brien said: 100% done; DROP TABLE messages -- & | ! :*` },
  backslash: { content: 'C:\\temp\\log_2026-11-22.txt has the error 0x80070005' },
  kana: { content: 'センサーが故障しました。ｶﾞｽ漏れ注意' },
  hangul: { content: '압력이 떨어졌습니다' },
  cyrillic: { content: 'Давление ПАДАЕТ' },
  rtl: { content: 'הלחץ ירד ضغط منخفض' },
  picture: { message_type: 'image_ref', content: '裂縫', file_name: 'oven_crack-2034.PNG' },
  reading: {
    message_type: 'incident_data',
    content: '',
    data: { temperature: 81.5, line: 'L-07', oven: { zone1: '過熱' }, note: ['needs a fan'] },
  },
  gone: { content: 'secret password 祕密代碼 Z99-1' },
  edited: { content: 'the first wording' },
  long: { content: `${'滿'.repeat(300)}終點站 ${'word '.repeat(300)}finish` },
}

const idOf = new Map<string, string>()

const write = (room: string, item: CommitItem) =>
  commit(database.pool, { room_id: room, items: [item] })

const upload = async (room: string, name: string): Promise<string> => {
  const file_id = uuidv7()
  await database.pool.query(
    `INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes, search)
      VALUES ($1, $2, 'ann', $3, 'image/png', 1, $4)`,
    [file_id, room, name, fileSearchVectorOf(name)],
  )
  return file_id
}

const add = async (room: string, { file_name, ...saying }: Saying): Promise<string> => {
  const file_id = file_name === undefined ? null : await upload(room, file_name)
  const item = message({ content: '', ...saying, file_id })
  await write(room, { ...item, search: searchVectorOf(item) })
  return item.change_id
}

const by = () => ({ change_id: uuidv7(), actor_id: 'ann' })

beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
  await addUser(database.pool, { user_id: 'root', display_name: 'Root', is_admin: true })
  room_id = await addRoom(database.pool, { ben: 'viewer' })
  other_room_id = await addRoom(database.pool)
  for (const [name, searchable] of Object.entries(said))
    idOf.set(name, await add(room_id, searchable))
  await add(other_room_id, { content: '溫度過高 in another room, lot A12-77' })

  const [gone = '', edited = ''] = [idOf.get('gone'), idOf.get('edited')]
  await write(room_id, { ...by(), kind: 'message_deleted', message_id: gone })
  const words = { message_type: 'text', content: 'a second version', data: null } as const
  await write(room_id, {
    ...{ ...by(), kind: 'message_edited', message_id: edited, content: words.content },
    ...{ mentions: [], search: searchVectorOf(words), window_ms: 60_000 },
  })
}, 60_000)
afterAll(() => database.drop())

type Options = {
  user_id?: string
  /** Null: in all rooms. */
  room?: string | null
  filters?: SearchFilters
  limit?: number
  cursor?: string
  window_count?: number
}

const search = async (q: string, options: Options = {}) => {
  const { user_id = 'ann', room = room_id, filters = {}, limit = 50 } = options
  const query = searchQueryOf(q)
  if (!query) return { results: [], names: [], pagination: { has_more: false, next_cursor: null } }
  const { tsquery, exact_tsquery } = query
  const position = searchPositionOf(options.cursor)
  const { window_count = 1_000 } = options
  const asked = {
    ...{ user_id, q, tsquery, exact_tsquery, filters, position, window_count },
    count: limit + 1,
  }
  const read =
    room === null
      ? await searchRooms(database.pool, asked)
      : await searchRoom(database.pool, { ...asked, room_id: room })
  if (!read) throw new Error('no such room')
  const found = searchPageOf({ query, position, limit, window_count }, read)
  const names = found.results.map(({ message: { message_id } }) => nameOf(message_id))
  return { ...found, names }
}

const nameOf = (message_id: string): string =>
  [...idOf].find(([, id]) => id === message_id)?.[0] ?? 'elsewhere'

const table: [string, string[]][] = [
  // Chinese inside unspaced sentences
  ['溫度', ['overheat', 'cooled', 'apart']],
  ['溫度過高', ['overheat']],
  ['過高', ['overheat', 'apart']],
  ['立即停機', ['overheat']],
  ['停機檢', ['overheat']],
  ['烤箱', ['overheat', 'cooled']],
  ['號烤', ['overheat']],
  ['度', ['overheat', 'cooled', 'apart']],
  ['查', ['overheat']],
  ['高溫', []],
  ['溫度 烤箱', ['overheat', 'cooled']],
  ['烤箱 壓力', []],
  ['溫度，過高', ['overheat', 'apart']],
  ['"溫度過高"', ['overheat']],
  ['「停機」', ['overheat']],
  ['終點站', ['long']],
  ['滿終點', ['long']],
  // Han that touches digits and letters
  ['3號機', ['station', 'station13']],
  ['第3號', ['station']],
  ['13號機台', ['station13']],
  ['CNC機台', ['station']],
  ['cnc', ['station']],
  ['機台 壓力 正常', ['station', 'station13']],
  // Prefixes, case, whole words
  ['press', ['pressure', 'press']],
  ['PRESS 4', ['pressure', 'press']],
  ['pressure', ['pressure']],
  ['PrEsSuRe-ReLiEf', ['pressure']],
  ['relief', ['pressure']],
  ['ressure', []],
  ['valve bar', ['pressure']],
  ['valve kiln', []],
  ['finish', ['long']],
  ['"press 4"', ['press']],
  ['"stopped press"', []],
  // Parts of codes
  ['A12-77', ['lot', 'wide']],
  ['a12', ['lot', 'lot78', 'wide']],
  ['12-77', ['lot', 'wide']],
  ['2-7', ['lot', 'lot78', 'wide']],
  ['77', ['lot', 'wide']],
  ['-77', ['lot', 'wide']],
  ['A12-', ['lot', 'lot78', 'wide']],
  ['1277', []],
  ['A12-79', []],
  ['4.1', ['pressure']],
  ['log_2026-11-22.txt', ['backslash']],
  ['2026-11', ['backslash']],
  ['11-22.txt', ['backslash']],
  ['0x8007', ['backslash']],
  ['70005', ['backslash']],
  // Full width, accents, other scripts
  ['Ａ１２－７７', ['lot', 'wide']],
  ['ｐｒｅｓｓ', ['pressure', 'press']],
  ['批號a12', ['wide']],
  ['A12–77', ['lot', 'wide']],
  ['cafe zurich', ['cafe']],
  ['CAFÉ', ['cafe']],
  ['cafe\u0301', ['cafe']],
  ['strasse', ['cafe']],
  ['STRASSE', ['cafe']],
  ['センサー', ['kana']],
  ['ガス', ['kana']],
  ['カス', []],
  ['압력', ['hangul']],
  ['떨어', ['hangul']],
  ['падает', ['cyrillic']],
  ['давл', ['cyrillic']],
  ['הלחץ', ['rtl']],
  ['منخفض', ['rtl']],
  // Emoji
  ['🎉', ['emoji']],
  ['👍', ['emoji']],
  ['👩🏽‍🔧', ['emoji']],
  ['🔧 fixed', ['emoji']],
  ['👎', []],
  ['🇹🇼', ['flag']],
  ['🇯🇵', []],
  // Punctuation
  ['hold (operator', ['lot']],
  ['operator: Mei', ['lot']],
  ["o'brien", ['quote']],
  ['100%', ['quote']],
  ['!!!', []],
  ['、。', []],
  // Files and incident data
  ['裂縫', ['picture']],
  ['crack', ['picture']],
  ['2034', ['picture']],
  ['png', ['picture']],
  ['裂縫 oven', ['picture']],
  ['temperature', ['reading']],
  ['L-07', ['reading']],
  ['zone1 過熱', ['reading']],
  ['fan', ['reading']],
  ['81.5', []],
  // Edited and deleted
  ['second version', ['edited']],
  ['first wording', []],
  ['secret', []],
  ['祕密', []],
  ['Z99', []],
  // What would be an operator, were it not quoted
  ["'", []],
  ["x' | 'press", []],
  ["press' | 'lot", []],
  ['press | lot', []],
  ['press & 4', ['pressure', 'press']],
  ['!press', ['pressure', 'press']],
  ['press:*', ['pressure', 'press']],
  ['press <-> 4', ['pressure', 'press']],
  ["'; DROP TABLE messages; --", ['quote']],
  ["') OR true --", []],
  ['\\', []],
  ['C:\\temp', ['backslash']],
  ['$12', ['lot', 'lot78', 'wide']],
  ['%', []],
  ['pre_x', []],
]

describe('[API-2] what is found in a room', () => {
  test.each(table)('“%s”', async (q, expected) => {
    const { names, results } = await search(q)
    expect(names.toSorted()).toEqual(expected.toSorted())
    for (const { message: found, highlights, matched_in } of results) {
      const { content } = found
      if (matched_in.includes('content')) expect(highlights.length).toBeGreaterThan(0)
      for (const { start, end } of highlights)
        expect(String(content).slice(start, end)).not.toBe('')
    }
  })

  test('control: the table has room for forty and more, in both languages', () => {
    expect(table.length).toBeGreaterThan(100)
    expect(table.filter(([q]) => /\p{sc=Han}/u.test(q)).length).toBeGreaterThan(20)
    expect(new Set(table.flatMap(([, names]) => names)).size).toBe(Object.keys(said).length - 1)
  })
})

describe('[API-2] in which order', () => {
  test('as typed first, then whole words, then beginnings; each newest first', async () => {
    const room = await addRoom(database.pool)
    const names = new Map<string, string>()
    for (const [name, content] of [
      ['typed, old', 'the belt is hot'],
      ['words', 'hot is the belt'],
      ['beginnings', 'hotter belts'],
      ['typed', 'belt is hot'],
      ['words, new', 'belt: hot'],
    ] as const)
      names.set(await add(room, { content }), name)
    const order = async (q: string) =>
      (await search(q, { room })).results.map((one) => names.get(one.message.message_id))
    expect(await order('belt is hot')).toEqual(['typed', 'typed, old', 'words'])
    expect(await order('belt hot')).toEqual([
      ...['words, new', 'typed', 'words', 'typed, old', 'beginnings'],
    ])
  })

  test('page after page: every result once, while new ones come', async () => {
    const room = await addRoom(database.pool)
    const contents = Array.from({ length: 23 }, (_, index) =>
      index % 3 === 0 ? `belt ${index}` : index % 3 === 1 ? `belts ${index}` : `the belt, ${index}`,
    )
    for (const content of contents) await add(room, { content })
    for (const [limit, window_count] of [
      [5, 1_000],
      [5, 10],
      [4, 8],
      [1, 3],
      [50, 7],
    ] as const) {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page = await search('belt', {
          ...{ room, limit, window_count },
          ...(cursor === null ? {} : { cursor }),
        })
        seen.push(...page.results.map((one) => String(one.message.content)))
        cursor = page.pagination.next_cursor
        expect(page.pagination.has_more).toBe(cursor !== null)
        await add(room, { content: `belt, later than ${limit} and ${window_count}` })
      } while (cursor !== null)
      const old = seen.filter((content) => !content.includes('later'))
      expect(old.toSorted()).toEqual(contents.toSorted())
      if (window_count === 1_000) expect(old).toEqual(seen)
    }
  })

  test('messages of one microsecond in several rooms are parted by no page', async () => {
    const content = 'simultaneous'
    const ids = [await add(room_id, { content }), await add(other_room_id, { content })]
    ids.push(await add(other_room_id, { content }), await add(room_id, { content }))
    await database.pool.query(
      `UPDATE messages SET created_at = '2026-11-22T09:30:00.123456Z' WHERE message_id = ANY($1)`,
      [ids],
    )
    for (const window_count of [1, 2, 3, 100]) {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page = await search(content, {
          ...{ room: null, limit: 1, window_count },
          ...(cursor === null ? {} : { cursor }),
        })
        seen.push(...page.results.map((one) => one.message.message_id))
        cursor = page.pagination.next_cursor
      } while (cursor !== null)
      expect(seen.toSorted()).toEqual(ids.toSorted())
    }
  })
})

describe('[API-2] filters', () => {
  test.each<[string, SearchFilters, string[]]>([
    ['oven', { message_type: 'image_ref' }, ['picture']],
    ['oven', { message_type: 'incident_data' }, ['reading']],
    ['oven', { has_file: true }, ['picture']],
    ['oven', { has_file: false }, ['reading']],
    ['oven', { sender_id: 'ann' }, ['picture', 'reading']],
    ['oven', { sender_id: 'ben' }, []],
    ['oven', { from: '2026-01-01T00:00:00Z', to: '2999-01-01T00:00:00Z' }, ['picture', 'reading']],
    ['oven', { to: '2020-01-01T00:00:00Z' }, []],
    ['oven', { from: '2999-01-01T00:00:00Z' }, []],
  ])('%s %j', async (q, filters, expected) => {
    expect((await search(q, { filters })).names.toSorted()).toEqual(expected)
    expect((await search(q, { filters, room: null })).names.toSorted()).toEqual(expected)
  })

  test('the time of a message is in what begins with it, and not in what ends with it', async () => {
    const { rows } = await database.pool.query(
      `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
        FROM messages WHERE message_id = $1`,
      [idOf.get('press')],
    )
    const { at } = rows[0]
    expect((await search('stopped', { filters: { from: at } })).names).toEqual(['press'])
    expect((await search('stopped', { filters: { to: at } })).names).toEqual([])
  })

  test('the status of the room', async () => {
    const q = 'lot a12-77'
    const statuses = async (room_status: 'active' | 'resolved') =>
      (await search(q, { room: null, filters: { room_status } })).names.toSorted()
    await database.pool.query(`UPDATE incident_rooms SET status = 'resolved' WHERE room_id = $1`, [
      other_room_id,
    ])
    expect(await statuses('active')).toEqual(['lot'])
    expect(await statuses('resolved')).toEqual(['elsewhere'])
  })
})

const everywhere = async (user_id: string) =>
  (await search('溫度過高', { user_id, room: null })).names.toSorted()

const inRoom = async (user_id: string) => (await search('溫度過高', { user_id })).names

describe('[API-2] [SEC-2] only where one is a member', () => {
  test('in all rooms: those of which one is a member, an admin too', async () => {
    expect(await everywhere('ann')).toEqual(['elsewhere', 'overheat'])
    expect(await everywhere('ben')).toEqual(['overheat'])
    expect(await everywhere('eve')).toEqual([])
    expect(await everywhere('root')).toEqual([])
  })

  test('in a room: the statement itself gives a stranger nothing, and an admin all', async () => {
    expect(await inRoom('ben')).toEqual(['overheat'])
    expect(await inRoom('root')).toEqual(['overheat'])
    expect(await inRoom('eve')).toEqual([])
    const query = { q: 'x', tsquery: "'x'", exact_tsquery: "'x'", filters: {} }
    const rest = { position: { before: null, after: null }, count: 2, window_count: 2 }
    const room = '01a202c5-0000-7000-8000-000000000000'
    const nowhere = { ...query, ...rest, user_id: 'ann', room_id: room }
    expect(await searchRoom(database.pool, nowhere)).toBeNull()
    expect(await searchRoom(database.pool, { ...nowhere, room_id, user_id: 'eve' })).toMatchObject({
      ...{ role: null, is_admin: false, found: [], window_size: 0 },
    })
  })

  test('who is removed finds nothing any more', async () => {
    await database.pool.query(`DELETE FROM room_members WHERE room_id = $1 AND user_id = 'ben'`, [
      room_id,
    ])
    expect(await everywhere('ben')).toEqual([])
    expect((await search('溫度過高', { user_id: 'ben' })).names).toEqual([])
  })
})
