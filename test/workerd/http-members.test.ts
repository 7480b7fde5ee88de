/** Members over REST (API-4). */
import { expect, test } from 'vitest'
import type { Problem } from '../../src/protocol/errors.ts'
import type { Member } from '../../src/protocol/member.ts'
import { addMember, openRoom, signIn, type Caller } from './http-client.ts'

const rolesIn = async (reader: Caller, room_id: string): Promise<Record<string, string>> => {
  const { body } = await reader.get<{ members: Member[] }>(`/api/rooms/${room_id}/members`)
  return Object.fromEntries(body.members.map(({ user_id, role }) => [user_id, role]))
}

test('[API-4] a member is added, changed, and removed', async () => {
  const [owner, lin] = [await signIn(), await signIn('lin')]
  const { room_id } = await openRoom(owner)
  const members = `/api/rooms/${room_id}/members`

  const added = await owner.post<Member>(members, { user_id: lin.user_id, role: 'viewer' })
  expect(added.status).toBe(201)
  expect(added.body).toMatchObject({
    user_id: lin.user_id,
    display_name: lin.display_name,
    role: 'viewer',
    joined_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
  })

  const changed = await owner.patch<Member>(`${members}/${lin.user_id}`, { role: 'editor' })
  expect(changed).toMatchObject({ status: 200, body: { user_id: lin.user_id, role: 'editor' } })
  expect(await rolesIn(lin, room_id)).toEqual({ [owner.user_id]: 'owner', [lin.user_id]: 'editor' })

  const removed = await owner.delete(`${members}/${lin.user_id}`)
  expect(removed).toMatchObject({ status: 204, body: undefined })
  expect((await lin.get(`/api/rooms/${room_id}`)).status).toBe(403)
})

test('[API-4] adding again with the same role is the same answer, with another a conflict', async () => {
  const [owner, lin] = [await signIn(), await signIn()]
  const { room_id } = await openRoom(owner)
  const members = `/api/rooms/${room_id}/members`
  const first = await owner.post<Member>(members, { user_id: lin.user_id, role: 'viewer' })
  const again = await owner.post<Member>(members, { user_id: lin.user_id, role: 'viewer' })
  expect(again).toMatchObject({ status: 201, body: first.body })
  const other = await owner.post<Problem>(members, { user_id: lin.user_id, role: 'owner' })
  expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } })
})

test('[API-4] the last owner neither leaves nor steps down, until there is another', async () => {
  const [owner, lin] = [await signIn(), await signIn()]
  const { room_id } = await openRoom(owner)
  const me = `/api/rooms/${room_id}/members/${owner.user_id}`

  expect(await owner.delete<Problem>(me)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect((await owner.patch(me, { role: 'viewer' })).status).toBe(409)

  await addMember(owner, room_id, { user_id: lin.user_id, role: 'editor' })
  const handed = await owner.post<Member>(`/api/rooms/${room_id}/transfer-ownership`, {
    user_id: lin.user_id,
  })
  expect(handed).toMatchObject({ status: 200, body: { user_id: lin.user_id, role: 'owner' } })
  expect(await rolesIn(lin, room_id)).toEqual({ [owner.user_id]: 'editor', [lin.user_id]: 'owner' })
  expect((await owner.delete(me)).status).toBe(204)
})

test('[API-4] everybody may leave; only owners change others', async () => {
  const [owner, editor, viewer] = [await signIn(), await signIn(), await signIn()]
  const { room_id } = await openRoom(owner)
  await addMember(owner, room_id, { user_id: editor.user_id, role: 'editor' })
  await addMember(owner, room_id, { user_id: viewer.user_id, role: 'viewer' })
  const members = `/api/rooms/${room_id}/members`

  for (const caller of [editor, viewer]) {
    expect((await caller.post(members, { user_id: 'x@y.z', role: 'viewer' })).status).toBe(403)
    expect((await caller.patch(`${members}/${caller.user_id}`, { role: 'owner' })).status).toBe(403)
    expect((await caller.delete(`${members}/${owner.user_id}`)).status).toBe(403)
  }
  expect((await viewer.delete(`${members}/${viewer.user_id}`)).status).toBe(204)
  expect(Object.keys(await rolesIn(owner, room_id))).toEqual([owner.user_id, editor.user_id])
})

test('[API-7] what is no member, no role, or no body is refused with a reason', async () => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner)
  const members = `/api/rooms/${room_id}/members`
  const nobody = await owner.delete<Problem>(`${members}/nobody@example.com`)
  expect(nobody).toMatchObject({ status: 404, body: { code: 'not_found' } })
  const role = await owner.post<Problem>(members, { user_id: 'a@b.c', role: 'admin' })
  expect(role).toMatchObject({ status: 400, body: { field: 'role' } })
  const spaced = await owner.post<Problem>(members, { user_id: 'a b', role: 'viewer' })
  expect(spaced).toMatchObject({ status: 400, body: { field: 'user_id' } })
})
