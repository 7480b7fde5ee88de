/** The memory of who people are: what it may keep, for how long, and what it must forget (DB-6). */
import { expect, test } from 'vitest'
import { ProfileCache, profilesMaxCount } from '../../../src/database/profile-cache.ts'
import { failure, success, type Outcome } from '../../../src/lib/outcome.ts'
import { refusal } from '../../../src/protocol/errors.ts'
import type { User } from '../../../src/protocol/member.ts'

/** A table of one gateway's people behind a cache, with a clock that a test moves. */
function world() {
  const table = new Map<string, User>()
  const clock = { now: 1_000_000 }
  const cache = new ProfileCache(() => clock.now)
  let asked = 0
  const write = (user_id: string, display_name: string) =>
    table.set(user_id, { user_id, display_name, is_admin: false })
  return {
    cache,
    clock,
    write,
    asked: () => asked,
    read: (user_id: string, answer?: Promise<Outcome<User | null>>) =>
      cache.read(user_id, async () => {
        asked += 1
        return answer ?? success(table.get(user_id) ?? null)
      }),
    save: (user_id: string, display_name: string) =>
      cache.change(user_id, async () => write(user_id, display_name)),
  }
}

const named = (display_name: string) => ({ ok: true, value: { display_name } })

test('[DB-6] a person is looked up once, however often they are asked for', async () => {
  const { read, write, asked, cache } = world()
  write('ann', 'Ann')
  for (let time = 0; time < 5; time += 1) expect(await read('ann')).toMatchObject(named('Ann'))
  expect(asked()).toBe(1)
  expect(cache.figures()).toEqual({ cached: 1, max: profilesMaxCount, hits: 4, misses: 1 })
})

test('[DB-6] a change through it is seen by the very next read', async () => {
  const { read, save, write } = world()
  write('ann', 'Ann')
  await read('ann')
  await save('ann', 'Ann Lin')
  expect(await read('ann')).toMatchObject(named('Ann Lin'))
})

test('[DB-6] a change that may have failed is looked at again', async () => {
  const { read, write, cache } = world()
  write('ann', 'Ann')
  await read('ann')
  const lost = cache.change('ann', async () => {
    write('ann', 'Ann Lin')
    throw new Error('the connection is gone')
  })
  await expect(lost).rejects.toThrow('gone')
  expect(await read('ann')).toMatchObject(named('Ann Lin'))
})

test('[DB-6] what was read before a change and comes after it is not kept', async () => {
  const { read, save } = world()
  const slow = Promise.withResolvers<Outcome<User | null>>()
  const before = read('ann', slow.promise)
  await save('ann', 'Ann Lin')
  slow.resolve(success({ user_id: 'ann', display_name: 'Ann', is_admin: false }))
  await before
  expect(await read('ann')).toMatchObject(named('Ann Lin'))
})

test('[DB-6] nor what was read while a change was under way', async () => {
  const { read, write, cache } = world()
  write('ann', 'Ann')
  const saving = Promise.withResolvers<void>()
  const change = cache.change('ann', () => saving.promise)
  expect(await read('ann')).toMatchObject(named('Ann'))
  write('ann', 'Ann Lin')
  saving.resolve()
  await change
  expect(await read('ann')).toMatchObject(named('Ann Lin'))
})

test('[DB-6] a change past the gateways is seen after ten seconds, counted from the read', async () => {
  const { read, write, clock } = world()
  write('ann', 'Ann')
  await read('ann')
  write('ann', 'Ann Lin')
  clock.now += 9_999
  expect(await read('ann')).toMatchObject(named('Ann'))
  clock.now += 1
  expect(await read('ann')).toMatchObject(named('Ann Lin'))
})

test('[DB-6] neither an unknown person nor a failure is remembered', async () => {
  const { read, write } = world()
  expect(await read('ann')).toEqual(success(null))
  const busy = failure(refusal('database_busy', 'all database connections are busy'))
  expect(await read('ann', Promise.resolve(busy))).toEqual(busy)
  write('ann', 'Ann')
  expect(await read('ann')).toMatchObject(named('Ann'))
})

test('[LIM-4] [DB-6] it is bounded: the one remembered longest goes', async () => {
  const { read, write, cache, asked } = world()
  for (let person = 0; person <= profilesMaxCount; person += 1) {
    write(`p${person}`, 'Somebody')
    await read(`p${person}`)
  }
  expect(cache.figures()).toMatchObject({ cached: profilesMaxCount, max: profilesMaxCount })
  const before = asked()
  await read(`p${profilesMaxCount}`)
  await read('p1')
  expect(asked()).toBe(before)
  await read('p0')
  expect(asked()).toBe(before + 1)
})
