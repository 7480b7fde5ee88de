/** The database is put back to an earlier time under a room, as a point-in-time restore does it. */
import { expect, test } from 'vitest'
import { closeCodes } from '../../src/protocol/close-codes.ts'
import type { Verification } from '../../src/protocol/proof.ts'
import { addMember, openRoom, signIn } from './http-client.ts'
import { evict, type Eviction } from './support/bindings.ts'
import { connect } from './support/socket.ts'
import { cutTail } from './support/sql.ts'

const world = async () => {
  const [olga, ben] = [await signIn('olga'), await signIn()]
  const { room_id } = await openRoom(olga)
  await addMember(olga, room_id, { user_id: ben.user_id, role: 'editor' })
  const sockets = [await connect(olga, room_id), await connect(ben, room_id)] as const
  const [hers, his] = sockets
  for (const content of ['one', 'two', 'three', 'four']) {
    hers.say(content)
    await his.next('message', ({ message }) => message.content === content)
  }
  const told = his.frames.flatMap((frame) => (frame.type === 'message' ? frame.revision : []))
  const from = told.at(-2) ?? 0
  return { olga, ben, room_id, hers, his, from, told_revision: told.at(-1) ?? 0 }
}

test.each<Eviction>(['none', 'hibernate'])(
  '[SEQ-3] everybody is sent away and comes back to what is true (eviction: %s)',
  async (eviction) => {
    const { olga, ben, room_id, hers, his, from, told_revision } = await world()
    await cutTail(room_id, from)
    await evict(room_id, eviction)
    hers.say('too early')
    for (const socket of [hers, his])
      expect(await socket.closed).toMatchObject({ code: closeCodes.restart })

    const query = `?since_revision=${told_revision}`
    const back = await connect(ben, room_id, { query })
    expect(await back.next('resumed')).toMatchObject({ recovered: false })
    const { messages, revision } = await back.next('snapshot')
    expect(revision).toBe(from - 1)
    const contents = messages.map(({ content }) => content)
    expect(contents).toContain('two')
    expect(contents).not.toContain('three')
    expect(contents).not.toContain('four')

    const again = await connect(olga, room_id, { query })
    await again.next('snapshot')
    again.say('now')
    const { message } = await back.next('message', (frame) => frame.message.content === 'now')
    expect(message.revision).toBe(from)
    const proof = await olga.get<Verification>(`/api/rooms/${room_id}/verify`)
    expect(proof).toMatchObject({ status: 200, body: { ok: true, revisions: from } })
  },
)

test('[SEQ-3] a room whose sockets are gone, as after a deploy, begins with what is true', async () => {
  const { ben, room_id, from, told_revision } = await world()
  await cutTail(room_id, from)
  await evict(room_id, 'close')
  const back = await connect(ben, room_id, { query: `?since_revision=${told_revision}` })
  expect(await back.next('welcome')).toMatchObject({ last_revision: from - 1 })
  expect(await back.next('resumed')).toMatchObject({ recovered: false })
  expect(await back.next('snapshot')).toMatchObject({ revision: from - 1 })
})
