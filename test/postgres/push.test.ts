/** Whom a stretch of messages may concern, and how they are reached: the statements of pushing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { saveNotifications, saveRoomLevel } from '../../src/database/notifications.ts'
import { readPushFacts } from '../../src/database/push-facts.ts'
import {
  dropPushSubscriptions,
  savePushSubscription,
} from '../../src/database/push-subscriptions.ts'
import type { PushFacts } from '../../src/domain/push/facts.ts'
import type { NotificationLevel } from '../../src/protocol/notification.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message } from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

let room_id: string
/** People of this test alone. */
let people: { ben: string; carl: string; dora: string }
beforeEach(async () => {
  const unique = crypto.randomUUID()
  people = { ben: `ben-${unique}`, carl: `carl-${unique}`, dora: `dora-${unique}` }
  room_id = await addRoom(database.pool, { [people.ben]: 'editor', [people.carl]: 'viewer' })
})

const subscribe = (user_id: string, name = user_id, expiration_time: string | null = null) =>
  savePushSubscription(database.pool, {
    user_id,
    endpoint: `https://push.example/${name}`,
    keys: { p256dh: 'B', auth: 'A' },
    expiration_time,
  })

const setLevel = (user_id: string, level: NotificationLevel) =>
  saveNotifications(database.pool, { user_id, level, quiet_hours: null })

const say = async (...items: Partial<Parameters<typeof message>[0]>[]) => {
  await commit(database.pool, { room_id, items: items.map((item) => message(item)) })
}

const read = async (range: Partial<Parameters<typeof readPushFacts>[1]> = {}) => {
  const facts = await readPushFacts(database.pool, {
    ...{ room_id, after: 0, upto: 100, after_user_id: '', limit: 100 },
    ...range,
  })
  if (!facts) throw new Error('there is no such room')
  return facts
}

const concerned = ({ people: candidates }: PushFacts) => candidates.map(({ user_id }) => user_id)

describe('[WEB-5] who is concerned', () => {
  test('members who can be reached, by what they want: of nothing else they hear', async () => {
    await say({ content: 'one' }, { content: 'two', mentions: [people.ben, people.carl] })
    expect(await read()).toMatchObject({ wants: 'nothing', people: [], said: [] })
    for (const user_id of [people.ben, people.dora]) await subscribe(user_id)
    expect(await read()).toMatchObject({ wants: 'mentions' })
    expect(concerned(await read())).toEqual([people.ben])
    expect(concerned(await read({ upto: 1 }))).toEqual([])
    await setLevel(people.ben, 'all')
    expect(concerned(await read({ upto: 1 }))).toEqual([people.ben])
    await saveRoomLevel(database.pool, { room_id, user_id: people.ben, level: 'nothing' })
    expect(await read()).toMatchObject({ wants: 'nothing', people: [] })
  })

  test('each with all that is needed to decide', async () => {
    await addUser(database.pool, { user_id: people.dora, display_name: 'Dora' })
    await addRoom(database.pool)
    await subscribe(people.ben)
    await subscribe(people.ben, `${people.ben}/tablet`)
    await saveNotifications(database.pool, {
      ...{ user_id: people.ben, level: 'mentions' },
      quiet_hours: { start: '22:00', end: '07:00', time_zone: 'Asia/Taipei' },
    })
    await say({ content: 'one', mentions: [people.ben] }, { content: 'two' })
    const facts = await read()
    expect(facts).toMatchObject({ room_title: 'Line 3 stopped', wants: 'mentions' })
    expect(facts.people).toEqual([
      {
        user_id: people.ben,
        level: 'mentions',
        quiet_hours: { start: '22:00', end: '07:00', time_zone: 'Asia/Taipei' },
        read_sequence: 0,
        mentioned_in: [1],
        subscriptions: [expect.anything(), expect.anything()],
      },
    ])
    expect(facts.people[0]?.subscriptions[0]).toEqual({
      subscription_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      endpoint: expect.stringContaining('https://push.example/ben-'),
      ...{ p256dh: 'B', auth: 'A' },
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      renewed_at: expect.any(String),
    })
    expect(facts.said.map(({ words, sequence_number }) => [sequence_number, words])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ])
  })

  test('not by their own words, and not by what was deleted', async () => {
    await subscribe(people.ben)
    await say({ actor_id: people.ben, mentions: [people.ben] })
    expect(concerned(await read())).toEqual([])
    await say({ content: 'a secret', mentions: [people.ben] })
    await database.pool.query(
      'UPDATE messages SET deleted_at = now() WHERE room_id = $1 AND sequence_number = 2',
      [room_id],
    )
    const facts = await read()
    expect(concerned(facts)).toEqual([])
    expect(JSON.stringify(facts)).not.toContain('a secret')
  })

  test('[SEC-2] not once they were removed', async () => {
    await subscribe(people.ben)
    await setLevel(people.ben, 'all')
    await say({ content: 'one' })
    expect(concerned(await read())).toEqual([people.ben])
    await database.pool.query('DELETE FROM room_members WHERE room_id = $1 AND user_id = $2', [
      room_id,
      people.ben,
    ])
    expect(await read()).toMatchObject({ wants: 'nothing', people: [] })
  })

  test('not by a browser whose subscription has ended', async () => {
    await subscribe(people.ben, people.ben, '2020-01-01T00:00:00.000Z')
    await setLevel(people.ben, 'all')
    await say({ content: 'one' })
    expect(await read()).toMatchObject({ wants: 'nothing', people: [] })
  })

  test('page by page, each once', async () => {
    for (const user_id of [people.ben, people.carl]) {
      await subscribe(user_id)
      await setLevel(user_id, 'all')
    }
    await say({ content: 'one' })
    const [first] = concerned(await read({ limit: 1 }))
    expect(first).toBe(people.ben)
    expect(concerned(await read({ limit: 1, after_user_id: people.ben }))).toEqual([people.carl])
    expect(concerned(await read({ limit: 1, after_user_id: people.carl }))).toEqual([])
  })
})

test('[LIM-4] of a long stretch the newest 200 messages are read', async () => {
  await subscribe(people.ben)
  await setLevel(people.ben, 'all')
  await say(...Array.from({ length: 205 }, (_, index) => ({ content: `number ${index + 1}` })))
  const { said } = await read({ upto: 205 })
  expect(said).toHaveLength(200)
  expect([said[0]?.sequence_number, said.at(-1)?.sequence_number]).toEqual([6, 205])
})

test('[WEB-5] a browser that is gone is dropped, unless it was registered again meanwhile', async () => {
  await subscribe(people.ben)
  await setLevel(people.ben, 'all')
  await say({ content: 'one' })
  const [old] = (await read()).people.flatMap(({ subscriptions }) => subscriptions)
  if (!old) throw new Error('there is no subscription')
  await subscribe(people.ben)
  await dropPushSubscriptions(database.pool, { gone: [old] })
  const [renewed] = (await read()).people.flatMap(({ subscriptions }) => subscriptions)
  expect(renewed).toMatchObject({ subscription_id: old.subscription_id, since: old.since })
  if (renewed) await dropPushSubscriptions(database.pool, { gone: [renewed] })
  expect(concerned(await read())).toEqual([])
})

test('[WEB-5] whoever changes what they want names the rooms that are awake', async () => {
  await say({ content: 'one' })
  expect(await subscribe(people.ben)).toEqual({ room_ids: [room_id] })
  expect(await subscribe(people.dora)).toEqual({ room_ids: [] })
  await database.pool.query(
    "UPDATE incident_rooms SET last_activity_at = now() - interval '5 minutes' WHERE room_id = $1",
    [room_id],
  )
  expect(await setLevel(people.ben, 'all')).toEqual({ room_ids: [] })
})

test.each([
  ["'loud', NULL, NULL, NULL", /level/],
  ["'all', '22:00', NULL, NULL", /quiet/],
])('[DB-5] settings may not be %s', async (values, why) => {
  const insert = `INSERT INTO notification_settings VALUES ('${crypto.randomUUID()}', ${values})`
  await expect(database.pool.query(insert)).rejects.toThrow(why)
})
