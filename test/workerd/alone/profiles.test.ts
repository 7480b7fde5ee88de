/** Who people are, remembered by their gateways (DB-6). */
import { beforeEach, describe, expect, test } from 'vitest'
import { askDatabase } from '../../../src/durable/ask-database.ts'
import { gatewayStub } from '../../../src/durable/stubs.ts'
import type { User } from '../../../src/protocol/member.ts'
import { makeAdmin, openRoom, sendJson, signIn, type Caller } from '../http-client.ts'
import { bindings, timesRun } from '../support/bindings.ts'
import { join, upgrade } from '../support/socket.ts'

let ann: Caller
beforeEach(async () => {
  ann = await signIn('ann')
})

const signInAs = (user_id: string, display_name: string) =>
  sendJson('/api/auth/dev-login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id, display_name }),
  })

const nameNow = async () => (await ann.get<User>('/api/me')).body.display_name

const lookUps = async (act: () => Promise<unknown>): Promise<number> => {
  const before = await timesRun('readUser')
  await act()
  return (await timesRun('readUser')) - before
}

describe('[DB-6] one look-up, however often', () => {
  test('somebody asks who they are', async () => {
    const count = await lookUps(async () => {
      for (let time = 0; time < 5; time += 1) expect((await ann.get('/api/me')).status).toBe(200)
    })
    expect(count).toBe(1)
  })

  test('a stranger knocks at rooms, over REST and with a socket', async () => {
    const rooms = [await openRoom(ann), await openRoom(ann), await openRoom(ann)]
    const stranger = await signIn('stranger')
    const count = await lookUps(async () => {
      for (const { room_id } of rooms) {
        const said = await stranger.post(`/api/rooms/${room_id}/messages`, { content: 'hello?' })
        expect(said.status).toBe(403)
        expect((await upgrade(stranger, room_id)).status).toBe(403)
      }
    })
    expect(count).toBe(1)
  })

  test('an admin writes to rooms they are no member of', async () => {
    const rooms = [await openRoom(ann), await openRoom(ann)]
    const admin = await signIn('admin')
    await makeAdmin(admin.user_id)
    const count = await lookUps(async () => {
      for (const { room_id } of rooms) {
        await join(admin, room_id)
        const said = await admin.post(`/api/rooms/${room_id}/messages`, { content: 'look here' })
        expect(said.status).toBe(201)
      }
    })
    expect(count).toBe(1)
  })

  test('control: two people are two look-ups', async () => {
    const ben = await signIn('ben')
    const count = await lookUps(async () => {
      await ann.get('/api/me')
      await ben.get('/api/me')
    })
    expect(count).toBe(2)
  })
})

test('[DB-6] a new name is seen by the very next look-up', async () => {
  await nameNow()
  for (const name of ['Ann Lin', 'Ann L.', '林安']) {
    await signInAs(ann.user_id, name)
    expect(await nameNow()).toBe(name)
  }
})

test('[DB-6] only the gateway that also saves a person remembers them', async () => {
  const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`)
  const own = (await gatewayStub(bindings, ann.user_id).figures()).shard
  for (const key of keys) {
    const { shard, profiles } = await gatewayStub(bindings, key).figures()
    await askDatabase(bindings, key, 'readUser', { user_id: ann.user_id })
    const after = (await gatewayStub(bindings, key).figures()).profiles
    const asked = after.hits + after.misses - profiles.hits - profiles.misses
    expect(asked).toBe(shard === own ? 1 : 0)
  }
})
