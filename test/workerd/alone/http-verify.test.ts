/** The proof of the record over REST (API-9): who may ask, what is found, what is remembered. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test, vi } from 'vitest'
import type { Problem } from '../../../src/protocol/errors.ts'
import type { Verification } from '../../../src/protocol/proof.ts'
import {
  addMember,
  makeAdmin,
  openRoom,
  say,
  sendJson,
  signIn,
  type Caller,
} from '../http-client.ts'
import { evict, roomOf, timesRun, type Eviction } from '../support/bindings.ts'
import { cutTail, inSession } from '../support/sql.ts'

const verify = (caller: Caller, room_id: string, query = '') =>
  caller.get<Verification>(`/api/rooms/${room_id}/verify${query}`)

const inDatabase = (text: string, ...values: unknown[]) =>
  inSession((client) => client.query(text, values))

const busyRoom = async (count = 5) => {
  const owner = await signIn('olga')
  const { room_id } = await openRoom(owner)
  for (let number = 1; number <= count; number += 1) await say(owner, room_id, `message ${number}`)
  return { owner, room_id }
}

/** As if the minute after the first write were over. */
const letItBeDue = async (room_id: string) => {
  await runInDurableObject(roomOf(room_id), async (_, { storage }) => {
    expect(await storage.get('checkpoint_due')).toBeGreaterThan(Date.now())
    await storage.put('checkpoint_due', 1)
  })
  // Another instance, which has it from there alone.
  await evict(room_id, 'close')
}

test('[API-9] a room is proven, with its head and a receipt', async () => {
  const { owner, room_id } = await busyRoom()
  const { status, body } = await verify(owner, room_id)
  expect(status).toBe(200)
  expect(body).toEqual({
    ok: true,
    messages: 5,
    revisions: 6,
    head: { revision: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    checked: { checkpoints: 0, foreign_checkpoints: 0, receipts: 0 },
    receipt: expect.stringMatching(/^muster1\./) as string,
  })
  expect(body.receipt).toContain(`.${room_id}.6.${body.head.hash}.`)
})

describe('[SEC-2] who may ask', () => {
  test.each(['owner', 'editor', 'viewer'] as const)('%s', async (role) => {
    const { owner, room_id } = await busyRoom(1)
    const caller = await signIn()
    await addMember(owner, room_id, { user_id: caller.user_id, role })
    expect(await verify(caller, room_id)).toMatchObject({ status: 200, body: { ok: true } })
  })

  test('an admin', async () => {
    const { room_id } = await busyRoom(1)
    const admin = await signIn()
    await makeAdmin(admin.user_id)
    expect(await verify(admin, room_id)).toMatchObject({ status: 200, body: { ok: true } })
  })

  test('no stranger, nobody who was removed, nobody unknown', async () => {
    const { owner, room_id } = await busyRoom(1)
    const [stranger, removed] = [await signIn(), await signIn()]
    await addMember(owner, room_id, { user_id: removed.user_id, role: 'editor' })
    expect((await verify(removed, room_id)).status).toBe(200)
    await owner.delete(`/api/rooms/${room_id}/members/${removed.user_id}`)
    for (const caller of [stranger, removed])
      expect(await verify(caller, room_id)).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      })
    expect((await sendJson(`/api/rooms/${room_id}/verify`)).status).toBe(401)
  })

  test.each(['01a202c5-0000-7000-8000-000000000000', 'nonsense'])('nobody of %s', async (id) => {
    const caller = await signIn()
    expect(await verify(caller, id)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('a member who is removed while the rows are read gets nothing', async () => {
    const { owner, room_id } = await busyRoom(1)
    const viewer = await signIn()
    await addMember(owner, room_id, { user_id: viewer.user_id, role: 'viewer' })
    const before = await timesRun('readProofRevisions')
    const asking = await inSession(async (client) => {
      await client.query('BEGIN')
      // The revisions are read, the messages have to wait.
      await client.query('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE')
      const asked = verify(viewer, room_id)
      await expect.poll(() => timesRun('readProofRevisions'), { timeout: 4_000 }).toBe(before + 1)
      const values = [room_id, viewer.user_id]
      await client.query('DELETE FROM room_members WHERE room_id = $1 AND user_id = $2', values)
      await client.query('COMMIT')
      return { asked }
    })
    expect((await asking.asked).status).toBe(403)
  })
})

test.each([
  ['content', `'all is well'`],
  ['sender_id', `'somebody'`],
])('[API-9] a message whose %s was changed is named', async (field, value) => {
  const { owner, room_id } = await busyRoom()
  await inDatabase(
    `UPDATE messages SET ${field} = ${value} WHERE room_id = $1 AND sequence_number = 3`,
    room_id,
  )
  expect((await verify(owner, room_id)).body).toMatchObject({
    ok: false,
    messages: 2,
    first_problem: { kind: 'message_altered', field, sequence_number: 3, revision: 4 },
    receipt: null,
  })
})

test('[SEC-4] a revision that was changed is named', async () => {
  const { owner, room_id } = await busyRoom()
  await inDatabase(
    `UPDATE room_revisions SET actor_id = 'somebody' WHERE room_id = $1 AND revision = 4`,
    room_id,
  )
  expect((await verify(owner, room_id)).body).toMatchObject({
    ok: false,
    revisions: 3,
    first_problem: { kind: 'revision_altered', revision: 4 },
  })
})

describe('[API-9] a checkpoint', () => {
  test.each<Eviction>(['none', 'hibernate', 'close'])(
    'finds an end that was cut off with the counters put back (eviction: %s)',
    async (eviction) => {
      const { owner, room_id } = await busyRoom()
      expect((await verify(owner, room_id)).body.ok).toBe(true)
      await evict(room_id, eviction)
      await cutTail(room_id, 5)
      const { body } = await verify(owner, room_id)
      expect(body).toMatchObject({
        ok: false,
        first_problem: { kind: 'tail_cut', revision: 5 },
        checked: { checkpoints: 1 },
      })
    },
  )

  test('control: without one, and without a receipt, such a cut is not to be seen', async () => {
    const { owner, room_id } = await busyRoom()
    await cutTail(room_id, 5)
    expect((await verify(owner, room_id)).body).toMatchObject({ ok: true, revisions: 4 })
  })

  test('is taken a minute after a write, by whichever instance is alive then', async () => {
    const { owner, room_id } = await busyRoom()
    expect(await roomOf(room_id).checkpoints()).toEqual([])
    await letItBeDue(room_id)
    expect(await runDurableObjectAlarm(roomOf(room_id))).toBe(true)
    const taken = () => roomOf(room_id).checkpoints()
    await expect.poll(taken).toEqual([expect.stringContaining(`${room_id}.6.`)])
    const due = () =>
      runInDurableObject(roomOf(room_id), (_, ctx) => ctx.storage.get('checkpoint_due'))
    await expect.poll(due).toBeUndefined()
    await cutTail(room_id, 6)
    expect((await verify(owner, room_id)).body.first_problem).toMatchObject({ kind: 'tail_cut' })
  })

  test('costs no call of its own while people write', async () => {
    const before = await timesRun('readProofHead')
    const { owner, room_id } = await busyRoom(20)
    expect(await timesRun('readProofHead')).toBe(before)
    await verify(owner, room_id)
    expect(await timesRun('readProofHead')).toBe(before + 2)
  })

  test('is not replaced once the record contradicts it', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { owner, room_id } = await busyRoom()
    await roomOf(room_id).takeCheckpoint()
    await cutTail(room_id, 4)
    await evict(room_id, 'close')
    await say(owner, room_id, 'and on it goes')
    for (let count = 0; count < 3; count += 1) await roomOf(room_id).takeCheckpoint()
    expect(await roomOf(room_id).checkpoints()).toHaveLength(1)
    expect(String(logged.mock.calls.at(-1)?.[0])).toContain('record_rewritten')
    expect((await verify(owner, room_id)).body.first_problem).toMatchObject({ kind: 'tail_cut' })
    logged.mockRestore()
  })

  test('signed with another key counts for nothing, and that is said', async () => {
    const { owner, room_id } = await busyRoom()
    await roomOf(room_id).takeCheckpoint()
    await runInDurableObject(roomOf(room_id), async (_, { storage }) => {
      const [kept = ''] = (await storage.get<string[]>('checkpoints')) ?? []
      await storage.put('checkpoints', [kept.replace('.6.', '.7.')])
    })
    expect((await verify(owner, room_id)).body).toMatchObject({
      ok: true,
      checked: { checkpoints: 0, foreign_checkpoints: 1 },
    })
  })

  test('there are not more than 32', async () => {
    const { owner, room_id } = await busyRoom(0)
    for (let count = 0; count < 35; count += 1) {
      await say(owner, room_id, 'and another')
      await roomOf(room_id).takeCheckpoint()
    }
    const kept = await roomOf(room_id).checkpoints()
    expect(kept).toHaveLength(32)
    expect(kept.at(-1)).toContain('.36.')
  })
})

const receiptOf = async (owner: Caller, room_id: string) =>
  (await verify(owner, room_id)).body.receipt ?? ''

describe('[API-9] a receipt', () => {
  test('proves that the record still contains what it did', async () => {
    const { owner, room_id } = await busyRoom()
    const receipt = await receiptOf(owner, room_id)
    await say(owner, room_id, 'and on it goes')
    const { body } = await verify(owner, room_id, `?receipt=${receipt}`)
    expect(body).toMatchObject({ ok: true, revisions: 7, checked: { receipts: 1 } })
  })

  test('finds a cut end though the room has forgotten all', async () => {
    const { owner, room_id } = await busyRoom()
    const receipt = await receiptOf(owner, room_id)
    await runInDurableObject(roomOf(room_id), (_, { storage }) => storage.delete('checkpoints'))
    await cutTail(room_id, 4)
    expect((await verify(owner, room_id)).body.ok).toBe(true)
    await runInDurableObject(roomOf(room_id), (_, { storage }) => storage.delete('checkpoints'))
    expect((await verify(owner, room_id, `?receipt=${receipt}`)).body).toMatchObject({
      ok: false,
      first_problem: { kind: 'tail_cut', revision: 4 },
    })
  })

  test('of another room, with other numbers, or none at all is refused', async () => {
    const { owner, room_id } = await busyRoom(1)
    const other = await busyRoom(1)
    const receipt = await receiptOf(owner, room_id)
    const foreign = await receiptOf(other.owner, other.room_id)
    for (const bad of [
      foreign,
      receipt.replace('.2.', '.1.'),
      'x',
      `${receipt}x`,
      'x'.repeat(300),
    ]) {
      const refused = await owner.get<Problem>(`/api/rooms/${room_id}/verify?receipt=${bad}`)
      expect(refused).toMatchObject({ status: 400, body: { code: 'bad_request' } })
      expect(refused.body.detail).toMatch(/^receipt: /)
    }
  })
})
