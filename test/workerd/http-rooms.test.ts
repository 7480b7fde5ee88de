/** Rooms over REST (API-4), and who may do what to them (SEC-2). */
import { expect, test } from 'vitest'
import type { Problem } from '../../src/protocol/errors.ts'
import type { Room } from '../../src/protocol/room.ts'
import { addMember, makeAdmin, openRoom, readPage, signIn } from './http-client.ts'

test('[API-4] a room is opened, listed, read and changed', async () => {
  const owner = await signIn()
  const created = await owner.post<Room>('/api/rooms', {
    title: '壓床四號 🔥',
    incident_type: 'equipment_failure',
    severity: 'high',
    location: 'Hall B',
    lots: ['A12-77', 'A12-78'],
  })
  expect(created.status).toBe(201)
  expect(created.body).toMatchObject({
    title: '壓床四號 🔥',
    status: 'active',
    my_role: 'owner',
    member_count: 1,
    location: 'Hall B',
    description: '',
    lots: ['A12-77', 'A12-78'],
  })
  const { room_id } = created.body

  const listed = await owner.get<{ rooms: Room[] }>('/api/rooms')
  expect(listed.body.rooms.map((room) => room.room_id)).toEqual([room_id])

  const changes = { title: 'Press 4', severity: 'low', lots: [] }
  const changed = await owner.patch<Room>(`/api/rooms/${room_id}`, changes)
  expect(changed.status).toBe(200)
  expect(changed.body).toMatchObject(changes)

  const read = await owner.get<Room>(`/api/rooms/${room_id}`)
  expect(read.body).toEqual(changed.body)
})

test('[API-4] a change of status is said in the room', async () => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner)
  const changed = await owner.patch<Room>(`/api/rooms/${room_id}`, { status: 'resolved' })
  expect(changed.body.status).toBe('resolved')
  const { messages } = await readPage(owner, room_id)
  expect(messages).toMatchObject([{ message_type: 'system', sequence_number: 1 }])
})

test('[API-4] [SEC-2] owners archive, editors change the rest, viewers nothing', async () => {
  const [owner, editor, viewer] = [await signIn(), await signIn(), await signIn()]
  const { room_id } = await openRoom(owner)
  await addMember(owner, room_id, { user_id: editor.user_id, role: 'editor' })
  await addMember(owner, room_id, { user_id: viewer.user_id, role: 'viewer' })
  const path = `/api/rooms/${room_id}`

  expect((await viewer.get(path)).status).toBe(200)
  expect((await viewer.patch(path, { title: 'Mine' })).status).toBe(403)
  expect((await editor.patch(path, { title: 'Ours' })).status).toBe(200)
  expect((await editor.patch(path, { status: 'archived' })).status).toBe(403)
  expect((await owner.patch(path, { status: 'archived' })).status).toBe(200)

  const late = await owner.post<Problem>(`${path}/messages`, { content: 'too late' })
  expect(late).toMatchObject({ status: 403, body: { code: 'forbidden' } })
})

test('[SEC-2] who is no member reads and changes nothing; where nothing is, nothing is', async () => {
  const [owner, stranger] = [await signIn(), await signIn()]
  const { room_id } = await openRoom(owner)
  const nowhere = '01a202c5-0000-7000-8000-000000000000'

  for (const path of ['', '/members', '/messages']) {
    expect((await stranger.get(`/api/rooms/${room_id}${path}`)).status, path).toBe(403)
    expect((await stranger.get(`/api/rooms/${nowhere}${path}`)).status, path).toBe(404)
    expect((await stranger.get(`/api/rooms/not-an-id${path}`)).status, path).toBe(404)
  }
  const room = `/api/rooms/${room_id}`
  expect((await stranger.patch(room, { title: 'Mine' })).status).toBe(403)
  expect((await stranger.post(`${room}/messages`, { content: 'hi' })).status).toBe(403)
  expect((await stranger.delete(`${room}/members/${owner.user_id}`)).status).toBe(403)
  expect((await stranger.patch(`/api/rooms/${nowhere}`, { title: 'Mine' })).status).toBe(404)
  expect((await stranger.get<{ rooms: Room[] }>('/api/rooms')).body.rooms).toEqual([])
})

test('[SEC-2] an admin is let in everywhere', async () => {
  const [owner, admin] = [await signIn(), await signIn()]
  await makeAdmin(admin.user_id)
  const { room_id } = await openRoom(owner)
  const read = await admin.get<Room>(`/api/rooms/${room_id}`)
  expect(read).toMatchObject({ status: 200, body: { my_role: null } })
  const said = await admin.post(`/api/rooms/${room_id}/messages`, { content: 'look here' })
  expect(said.status).toBe(201)
  expect((await admin.patch(`/api/rooms/${room_id}`, { status: 'archived' })).status).toBe(200)
})

test.each<[string, unknown]>([
  ['title', { incident_type: 'other', severity: 'low' }],
  ['title', { title: '', incident_type: 'other', severity: 'low' }],
  ['title', { title: 'a\u0000b', incident_type: 'other', severity: 'low' }],
  ['title', { title: '\ud800', incident_type: 'other', severity: 'low' }],
  ['title', { title: 'x'.repeat(201), incident_type: 'other', severity: 'low' }],
  ['incident_type', { title: 'A', incident_type: 'fire', severity: 'low' }],
  ['severity', { title: 'A', incident_type: 'other', severity: 4 }],
  ['lots', { title: 'A', incident_type: 'other', severity: 'low', lots: 'A12' }],
  ['lots.1', { title: 'A', incident_type: 'other', severity: 'low', lots: ['A12', ''] }],
])('[API-7] a room with a bad %s is refused by the name of the field', async (field, body) => {
  const owner = await signIn()
  const { status, body: problem } = await owner.post<Problem>('/api/rooms', body)
  expect({ status, field: problem.field, code: problem.code }).toEqual({
    status: 400,
    field,
    code: 'bad_request',
  })
})

test('[API-7] a change that changes nothing at all is refused', async () => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner)
  expect((await owner.patch(`/api/rooms/${room_id}`, {})).status).toBe(400)
  expect((await owner.patch(`/api/rooms/${room_id}`, { colour: 'red' })).status).toBe(400)
})
