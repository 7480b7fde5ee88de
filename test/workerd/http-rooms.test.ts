import { expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { readPage, signIn } from './http-client.ts'

test('[API-4] a room is opened, listed, read and changed', async () => {
  const owner = await signIn('owner')
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
    lots: ['A12-77', 'A12-78'],
  })
  const { room_id } = created.body

  const listed = await owner.get<{ rooms: Room[] }>('/api/rooms')
  expect(listed.body.rooms.map((room) => room.room_id)).toEqual([room_id])

  const changed = await owner.patch<Room>(`/api/rooms/${room_id}`, { status: 'resolved' })
  expect(changed.status).toBe(200)
  expect(changed.body.status).toBe('resolved')
  const { messages } = await readPage(owner, room_id)
  expect(messages).toMatchObject([{ message_type: 'system', sequence_number: 1 }])
})
