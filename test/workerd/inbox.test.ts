/**
 * One socket per person for all rooms (INBOX-1), and the one read mark on all devices (INBOX-2).
 * Each story is told three times: undisturbed, with the room put to sleep in the middle, and with
 * the inbox put to sleep.
 */
import { describe, expect, test } from 'vitest'
import type { InboxDownFrame, InboxRoom, InboxRooms } from '../../src/protocol/inbox.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import type { ReadMark } from '../../src/protocol/read-mark.ts'
import type { Room } from '../../src/protocol/room.ts'
import { invite, makeAdmin, openRoom, say, signIn, type Caller } from './http-client.ts'
import { evict, evictInbox, reset, roomOf } from './support/bindings.ts'
import { connectInbox, join, upgradeAt, type TestSocket } from './support/socket.ts'

type InboxSocket = TestSocket<InboxDownFrame>

const disturbances = ['nothing', 'the room', 'the inbox'] as const

const disturb = async (
  what: (typeof disturbances)[number],
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
): Promise<void> => {
  if (what === 'the room') await evict(room_id, 'hibernate')
  if (what === 'the inbox') await evictInbox(user_id, 'hibernate')
}

/** Rooms of ann in which bob may write. */
const annAndBob = async (rooms = 1) => {
  const [ann, bob] = [await signIn('ann'), await signIn('bob')]
  const room_ids: string[] = []
  for (let count = 0; count < rooms; count += 1) {
    const { room_id } = await openRoom(ann, { title: `Press ${count}` })
    await invite(ann, room_id, { user_id: bob.user_id, role: 'editor' })
    room_ids.push(room_id)
  }
  const [room_id = ''] = room_ids
  return { ann, bob, room_id, room_ids }
}

const greeted = async (person: Caller) => {
  const inbox = await connectInbox(person)
  const welcome = await inbox.next('inbox_welcome')
  return { inbox, welcome }
}

const roomIn = async (person: Caller, room_id: string): Promise<InboxRoom | undefined> => {
  const { body } = await person.get<InboxRooms>('/api/inbox')
  return body.rooms.find((room) => room.room_id === room_id)
}

/** Sequence number of the n-th message that a person says: the first is the notice of bob's coming. */
const said = (count: number): number => 1 + count

/** The last counts that a socket was told of a room. */
const countsOf = ({ frames }: InboxSocket, room_id: string) => {
  const last = frames.findLast(
    (frame) => 'unread_count' in frame && frame.room_id === room_id,
  ) as ReadMark
  const { read_sequence, unread_count, mention_count } = last
  return { read_sequence, unread_count, mention_count }
}

describe.each(disturbances)('with %s put to sleep in the middle', (disturbance) => {
  test('[INBOX-1] one socket hears of three rooms, with its own counts of each', async () => {
    const { ann, bob, room_ids } = await annAndBob(3)
    const { inbox, welcome } = await greeted(bob)
    expect(new Set(welcome.rooms.map((room) => room.room_id))).toEqual(new Set(room_ids))
    for (const room_id of room_ids) {
      await disturb(disturbance, { room_id, user_id: bob.user_id })
      await say(ann, room_id, `in ${room_id}`)
    }
    for (const room_id of room_ids) {
      const activity = await inbox.next('activity', (frame) => frame.room_id === room_id)
      expect(activity).toMatchObject({
        ...{ unread_count: 1, mention_count: 0, last_sequence: said(1), read_sequence: 0 },
        last_message: { sender_id: ann.user_id, preview: `in ${room_id}`, message_type: 'text' },
      })
    }
  })

  test('[INBOX-1] own messages are activity, and not unread', async () => {
    const { ann, bob, room_id } = await annAndBob()
    const { inbox } = await greeted(bob)
    const room = await join(bob, room_id)
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    room.say('mine')
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(1))
    expect(countsOf(inbox, room_id)).toMatchObject({ unread_count: 0 })
    await say(ann, room_id, 'hers')
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(2))
    expect(countsOf(inbox, room_id)).toMatchObject({ unread_count: 1 })
  })

  test('[INBOX-1] a burst comes in few frames with exact counts, a mention in it at once', async () => {
    const { ann, bob, room_id } = await annAndBob()
    const { inbox } = await greeted(bob)
    const room = await join(ann, room_id)
    for (let count = 1; count <= 200; count += 1) {
      if (count === 20) await disturb(disturbance, { room_id, user_id: bob.user_id })
      const mentions = count === 50 ? [bob.user_id] : []
      room.send({ type: 'message', content: `message ${count}`, mentions })
    }
    const mention = await inbox.next('mention')
    expect(mention).toMatchObject({
      ...{ room_id, sequence_number: said(50), sender_id: ann.user_id },
      ...{ preview: 'message 50', mention_count: 1 },
    })
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(200))
    expect(countsOf(inbox, room_id)).toEqual({
      ...{ read_sequence: 0, unread_count: 200, mention_count: 1 },
    })
    const told = inbox.frames.filter(({ type }) => type === 'activity')
    expect(told.length).toBeLessThan(20)
    expect(inbox.frames.filter(({ type }) => type === 'mention')).toHaveLength(1)
    expect(await roomIn(bob, room_id)).toMatchObject(countsOf(inbox, room_id))
  })

  test('[INBOX-1] [MSG-7] an edit that mentions somebody is told them at once, and once', async () => {
    const { ann, bob, room_id } = await annAndBob()
    const { inbox } = await greeted(bob)
    const { message_id } = await say(ann, room_id, 'who can come?')
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(1))
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    const edit = (content: string) =>
      ann.patch(`/api/rooms/${room_id}/messages/${message_id}`, { content })
    await edit(`@${bob.user_id} can you come?`)
    expect(await inbox.next('mention')).toMatchObject({
      ...{ room_id, message_id, sequence_number: said(1), sender_id: ann.user_id },
      ...{ preview: `@${bob.user_id} can you come?`, unread_count: 1, mention_count: 1 },
    })
    await edit(`@${bob.user_id} can you come now?`)
    await say(ann, room_id, 'later')
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(2))
    expect(countsOf(inbox, room_id)).toMatchObject({ unread_count: 2, mention_count: 1 })
    expect(inbox.frames.filter(({ type }) => type === 'mention')).toHaveLength(1)
  })

  test('[INBOX-1] a room joined later appears by itself and is heard from then on', async () => {
    const { ann, bob, room_id: first } = await annAndBob()
    const { inbox } = await greeted(bob)
    const { room_id } = await openRoom(ann, { title: 'Joined later', severity: 'critical' })
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    await invite(ann, room_id, { user_id: bob.user_id, role: 'viewer' })
    const { room } = await inbox.next('room_added')
    expect(room).toMatchObject({
      ...{ room_id, title: 'Joined later', severity: 'critical', my_role: 'viewer' },
      unread_count: 0,
    })
    await say(ann, room_id, 'welcome')
    await inbox.next('activity', (frame) => frame.room_id === room_id && frame.unread_count === 1)
    const own = await openRoom(bob)
    expect((await inbox.next('room_added')).room).toMatchObject({
      ...{ room_id: own.room_id, my_role: 'owner' },
    })
    expect(own.room_id).not.toBe(first)
  })

  test('[INBOX-1] [SEC-2] who was removed hears nothing more of the room', async () => {
    const { ann, bob, room_ids } = await annAndBob(2)
    const [room_id = '', other = ''] = room_ids
    const { inbox } = await greeted(bob)
    await say(ann, room_id, 'before')
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(1))
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    await ann.delete(`/api/rooms/${room_id}/members/${bob.user_id}`)
    await inbox.next('room_removed', (frame) => frame.room_id === room_id)
    const heardBefore = inbox.frames.length
    await ann.post(`/api/rooms/${room_id}/messages`, { content: 'x', mentions: [bob.user_id] })
    await ann.patch(`/api/rooms/${room_id}`, { status: 'resolved' })
    // Control: the inbox is alive, and later news of another room gets through.
    await say(ann, other, 'still here')
    await inbox.next('activity', (frame) => frame.room_id === other)
    await say(ann, room_id, 'and after the window')
    await say(ann, other, 'again')
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(2))
    const later = inbox.frames.slice(heardBefore)
    const told = later.filter(
      (frame) => 'room_id' in frame && frame.room_id === room_id && frame.type !== 'room_removed',
    )
    expect(told).toEqual([])
    expect(await roomIn(bob, room_id)).toBeUndefined()
  })

  test('[INBOX-1] status, title and role changes are told at once', async () => {
    const { ann, bob, room_id } = await annAndBob()
    const { inbox } = await greeted(bob)
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    await ann.patch(`/api/rooms/${room_id}`, { status: 'resolved', title: 'Fixed' })
    expect(await inbox.next('room_changed')).toMatchObject({
      ...{ room_id, changes: { status: 'resolved', title: 'Fixed' } },
    })
    await ann.patch(`/api/rooms/${room_id}/members/${bob.user_id}`, { role: 'viewer' })
    await inbox.next('room_changed', ({ changes }) => changes.my_role === 'viewer')
  })

  test('[INBOX-2] two devices agree, whichever way the mark is moved', async () => {
    const { ann, bob, room_id } = await annAndBob()
    const { inbox: phone } = await greeted(bob)
    const { inbox: desk } = await greeted(bob)
    const room = await join(bob, room_id)
    for (let count = 1; count <= 6; count += 1) await say(ann, room_id, `message ${count}`)
    for (const device of [phone, desk])
      await device.next('activity', ({ last_sequence }) => last_sequence === said(6))

    const bothHear = async (read_sequence: number): Promise<void> => {
      const unread_count = said(6) - read_sequence
      for (const device of [phone, desk])
        await device.next(
          'read',
          (frame) => frame.read_sequence === read_sequence && frame.unread_count === unread_count,
        )
    }
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    const { status, body } = await bob.put<ReadMark>(`/api/rooms/${room_id}/read`, {
      sequence_number: 2,
    })
    expect(status).toBe(200)
    const expected = { read_sequence: said(1), unread_count: 5, mention_count: 0 }
    expect(body).toEqual({ room_id, ...expected })
    await bothHear(said(1))
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    phone.send({ type: 'read', room_id, sequence_number: said(4) })
    await bothHear(said(4))
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    // A mark set back is none.
    desk.send({ type: 'read', room_id, sequence_number: 1 })
    room.send({ type: 'read', sequence_number: said(5) })
    await bothHear(said(5))
    expect(await roomIn(bob, room_id)).toMatchObject({ read_sequence: said(5), unread_count: 1 })
    // Never beyond what was said.
    room.send({ type: 'read', sequence_number: 1_000 })
    await bothHear(said(6))
  })

  test('[INBOX-1] who connects again is told how things stand', async () => {
    const { ann, bob, room_id } = await annAndBob()
    const { inbox } = await greeted(bob)
    inbox.close()
    await disturb(disturbance, { room_id, user_id: bob.user_id })
    await ann.post(`/api/rooms/${room_id}/messages`, { content: 'hey', mentions: [bob.user_id] })
    const { welcome } = await greeted(bob)
    expect(welcome.rooms).toMatchObject([
      { room_id, unread_count: 1, mention_count: 1, last_sequence: said(1), title: 'Press 0' },
    ])
    expect(welcome.user).toEqual({
      ...{ user_id: bob.user_id, display_name: bob.display_name, is_admin: false },
    })
  })
})

test('[INBOX-1] what a room owes the inbox is told though the room dies before, by nobody’s doing', async () => {
  const { ann, bob, room_id } = await annAndBob()
  const { inbox } = await greeted(bob)
  await say(ann, room_id, 'told at once')
  await inbox.next('activity', ({ last_sequence }) => last_sequence === said(1))
  // On a slow machine the second in which it waits may be over before the room dies.
  for (let count = 2; ; count += 1) {
    expect(count).toBeLessThan(10)
    await say(ann, room_id, 'would be told a second later')
    await reset(roomOf(room_id))
    const wasUntold = !inbox.frames.some(
      (frame) => frame.type === 'activity' && frame.last_sequence === said(count),
    )
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(count))
    expect(countsOf(inbox, room_id)).toMatchObject({ unread_count: count })
    if (wasUntold) break
    // One window after the other: what comes in a quiet room is told at once.
    await say(ann, room_id, 'told at once')
    await inbox.next('activity', ({ last_sequence }) => last_sequence === said(count + 1))
    count += 1
  }
}, 40_000)

test('[INBOX-1] an inbox that dies closes its sockets; the next greeting has missed nothing', async () => {
  const { ann, bob, room_id } = await annAndBob()
  const { inbox } = await greeted(bob)
  await evictInbox(bob.user_id, 'close')
  await inbox.closed
  await say(ann, room_id, 'in between')
  const { inbox: again, welcome } = await greeted(bob)
  expect(welcome.rooms).toMatchObject([{ room_id, unread_count: 1 }])
  await say(ann, room_id, 'afterwards')
  await again.next('activity', ({ unread_count }) => unread_count === 2)
})

test('[INBOX-2] [API-4] cards and rooms carry unread, mentions and the mark', async () => {
  const { ann, bob, room_id } = await annAndBob()
  await say(ann, room_id, 'one')
  await ann.post(`/api/rooms/${room_id}/messages`, { content: 'two', mentions: [bob.user_id] })
  const expected = { read_sequence: 0, unread_count: 2, mention_count: 1 }
  const { body: list } = await bob.get<{ rooms: Room[] }>('/api/rooms')
  expect(list.rooms).toMatchObject([{ room_id, ...expected }])
  const { body: room } = await bob.get<Room>(`/api/rooms/${room_id}`)
  expect(room).toMatchObject(expected)
  const { body: own } = await ann.get<Room>(`/api/rooms/${room_id}`)
  expect(own).toMatchObject({ unread_count: 0, mention_count: 0 })
})

const put = (caller: Caller, room_id: string, body: unknown) =>
  caller.put<Problem>(`/api/rooms/${room_id}/read`, body)

test('[INBOX-2] a mark is for members: strangers 403, no such room 404, bad values 400', async () => {
  const { room_id, bob } = await annAndBob()
  const [eve, admin] = [await signIn('eve'), await signIn('admin')]
  await makeAdmin(admin.user_id)
  const mark = { sequence_number: 1 }
  expect((await put(eve, room_id, mark)).status).toBe(403)
  expect((await put(admin, room_id, mark)).status).toBe(403)
  expect((await put(bob, crypto.randomUUID(), mark)).status).toBe(404)
  const bad = await put(bob, room_id, { sequence_number: -1 })
  expect(bad).toMatchObject({ status: 400, body: { field: 'sequence_number' } })
  const { inbox } = await greeted(eve)
  inbox.send({ type: 'read', room_id, sequence_number: 1, ref: 'r' })
  expect(await inbox.next('error')).toMatchObject({ code: 'forbidden', ref: 'r' })
})

test('[CONN-1] [CONN-2] GET /ws: who it is, and that it is an upgrade', async () => {
  expect((await upgradeAt(undefined, '/ws')).status).toBe(401)
  const ann = await signIn('ann')
  expect((await ann.get('/ws')).status).toBe(426)
  const headers = { 'sec-websocket-protocol': `muster.v1, bearer.${ann.token}` }
  const response = await upgradeAt(undefined, '/ws', { headers })
  expect(response.status).toBe(101)
  expect(response.headers.get('sec-websocket-protocol')).toBe('muster.v1')
})

test('[CONN-11] what cannot be read is refused by name, and repeated abuse closes', async () => {
  const { inbox } = await greeted(await signIn('ann'))
  inbox.send({ type: 'read', room_id: 'x', sequence_number: 1, ref: 'r' })
  expect(await inbox.next('error')).toMatchObject({ code: 'bad_request', ref: 'r' })
  for (let count = 0; count < 20; count += 1) inbox.send('{')
  expect(await inbox.closed).toMatchObject({ code: 4400 })
})
