/**
 * From what is said in a room to what a browser reads, at a push service on this machine; with an
 * eviction of the object that pushes in the middle.
 */
import { describe, expect, test, vi } from 'vitest'
import { addMember, openRoom, say, signIn, type Caller } from '../http-client.ts'
import { evictPush, timesRun, type Eviction } from '../support/bindings.ts'
import { addDevice, subscribe, type Device } from '../support/device.ts'
import { join } from '../support/socket.ts'

type Scene = {
  readonly ann: Caller
  readonly ben: Caller
  readonly room_id: string
  readonly device: Device
}

/** Ann owns a room, Ben is in it, and his phone can be pushed to. */
const scene = async (level?: string): Promise<Scene> => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const { room_id } = await openRoom(ann, { title: '三號線停機' })
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  const device = await subscribe(ben)
  if (level) await ben.put('/api/me/notifications', { level, quiet_hours: null })
  return { ann, ben, room_id, device }
}

const mention = async ({ ann, ben, room_id }: Scene, content = 'come here') => {
  const said = { content, mentions: [ben.user_id] }
  return (await ann.post<{ message_id: string }>(`/api/rooms/${room_id}/messages`, said)).body
}

/** Nothing is pushed to the first before something later is pushed to the second. */
const expectSilence = async (silent: Device, { room_id, ann }: Scene): Promise<void> => {
  const witness = await signIn('witness')
  await addMember(ann, room_id, { user_id: witness.user_id, role: 'viewer' })
  const device = await subscribe(witness)
  const said = { content: 'for the witness', mentions: [witness.user_id] }
  await ann.post(`/api/rooms/${room_id}/messages`, said)
  await device.pushes(1)
  expect((await silent.told()).pushes).toEqual([])
}

test('[WEB-5] a mention reaches the phone at once, with what the page needs to show it', async () => {
  const all = await scene()
  const { ann, ben, room_id, device } = all
  const message = await mention(all, '看一下 PT-104 👀')
  const [push] = await device.pushes(1)
  expect(push?.payload).toEqual({
    type: 'mention',
    room_id,
    room_title: '三號線停機',
    message_id: message.message_id,
    sequence_number: 1,
    sender_id: ann.user_id,
    sender_display_name: ann.display_name,
    preview: '看一下 PT-104 👀',
    sent_at: expect.stringMatching(/^\d{4}-.*Z$/),
    count: 1,
  })
  expect(push).toMatchObject({ urgency: 'high', topic: room_id.replaceAll('-', '') })
  expect(JSON.stringify(push)).not.toContain(ben.user_id)
  expect((await device.told()).problems).toEqual([])
})

describe('[WEB-5] the level decides', () => {
  test('all: every message', async () => {
    const { ann, room_id, device } = await scene('all')
    await say(ann, room_id, 'the belt is hot')
    expect((await device.pushes(1))[0]?.payload).toMatchObject({
      ...{ type: 'message', preview: 'the belt is hot' },
    })
  })

  test('mentions: no other message', async () => {
    const all = await scene()
    await say(all.ann, all.room_id, 'the belt is hot')
    await expectSilence(all.device, all)
  })

  test('nothing: not even mentions', async () => {
    const all = await scene('nothing')
    await mention(all)
    await expectSilence(all.device, all)
  })

  test('of the room before one’s own', async () => {
    const all = await scene('all')
    await all.ben.put(`/api/rooms/${all.room_id}/notifications`, { level: 'nothing' })
    await mention(all)
    await expectSilence(all.device, all)
  })

  test('and is heeded at once, though nobody wanted anything a moment ago', async () => {
    const { ann, ben, room_id, device } = await scene('nothing')
    await say(ann, room_id, 'nobody hears this')
    await ben.put(`/api/rooms/${room_id}/notifications`, { level: 'all' })
    await say(ann, room_id, 'and this somebody does')
    expect((await device.pushes(1))[0]?.payload.type).toBe('message')
  })
})

test('[WEB-5] a browser is pushed to at once, though the room believed that there is none', async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const { room_id } = await openRoom(ann)
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  const before = await timesRun('readPushFacts')
  await say(ann, room_id, 'nobody can hear this')
  await vi.waitUntil(async () => (await timesRun('readPushFacts')) === before + 1)
  await say(ann, room_id, 'nor this, and the room asks nobody')
  expect(await timesRun('readPushFacts')).toBe(before + 1)
  const device = await subscribe(ben)
  await mention({ ann, ben, room_id, device })
  expect(await device.pushes(1)).toHaveLength(1)
})

test('[LIM-3] [LIM-4] a burst costs the room its commits, and one read of who is concerned per window', async () => {
  const { ann, room_id, device } = await scene('all')
  const socket = await join(ann, room_id)
  const before = { commits: await timesRun('commit-room'), reads: await timesRun('readPushFacts') }
  for (let number = 1; number <= 30; number += 1) {
    socket.say(`number ${number}`)
    await socket.next('ack')
  }
  expect((await timesRun('commit-room')) - before.commits).toBe(30)
  await device.pushes(2)
  // The first at once, the others together; a slow machine may need more than one window.
  expect((await timesRun('readPushFacts')) - before.reads).toBeLessThanOrEqual(4)
  const counts = (await device.told()).pushes.map(({ payload }) => payload.count)
  expect(counts[0]).toBe(1)
  expect(counts.length).toBeLessThanOrEqual(4)
})

test('[WEB-5] quiet hours are quiet', async () => {
  const all = await scene()
  const hour = new Date(Date.now() + 8 * 3_600_000).getUTCHours()
  const on = (later: number) => `${String((hour + later + 24) % 24).padStart(2, '0')}:00`
  const quiet_hours = { start: on(-1), end: on(2), time_zone: 'Asia/Taipei' }
  await all.ben.put('/api/me/notifications', { level: 'all', quiet_hours })
  await mention(all)
  await expectSilence(all.device, all)
})

test('[WEB-5] one’s own words are not pushed, nor what the system says', async () => {
  const { ann, ben, room_id, device } = await scene('all')
  await say(ben, room_id, `@${ben.display_name} said to himself`)
  await ann.patch(`/api/rooms/${room_id}`, { status: 'resolved' })
  await say(ann, room_id, 'said to all')
  const [push] = await device.pushes(1)
  expect(push?.payload).toMatchObject({ preview: 'said to all', count: 1 })
})

test('[WEB-5] whoever looks at the room is not pushed to; whoever looks away is', async () => {
  const all = await scene()
  const { ben, room_id, device } = all
  const socket = await join(ben, room_id)
  await mention(all)
  await socket.next('message')
  await expectSilence(device, all)
  socket.send({ type: 'presence', state: 'idle' })
  await mention(all, 'are you there?')
  expect((await device.pushes(1))[0]?.payload.preview).toBe('are you there?')
})

test('[WEB-5] [INBOX-2] what was read elsewhere is not pushed', async () => {
  const all = await scene()
  const { ben, room_id, device } = all
  await device.behave({ kind: 'refuse', status: 503 })
  await mention(all)
  await device.attempts(1)
  await ben.put(`/api/rooms/${room_id}/read`, { sequence_number: 1 })
  await device.behave({ kind: 'take' })
  // The retry is due in five seconds; the second mention is told of alone.
  await mention(all, 'the next')
  expect((await device.pushes(1)).map(({ payload }) => payload.preview)).toEqual(['the next'])
})

test('[SEC-2] whoever was removed is not pushed to', async () => {
  const all = await scene('all')
  const { ann, ben, room_id, device } = all
  await ann.delete(`/api/rooms/${room_id}/members/${encodeURIComponent(ben.user_id)}`)
  await say(ann, room_id, 'now that he is gone')
  await expectSilence(device, all)
})

test('[SEC-2] nor one who is removed before a push is sent again', async () => {
  const { ann, ben, room_id, device } = await scene('all')
  const carl = await signIn('carl')
  await addMember(ann, room_id, { user_id: carl.user_id, role: 'viewer' })
  await carl.put('/api/me/notifications', { level: 'all', quiet_hours: null })
  const other = await subscribe(carl)
  for (const phone of [device, other]) await phone.behave({ kind: 'refuse', status: 503 })
  await say(ann, room_id, 'the belt is hot')
  for (const phone of [device, other]) await phone.attempts(1)
  await ann.delete(`/api/rooms/${room_id}/members/${encodeURIComponent(ben.user_id)}`)
  for (const phone of [device, other]) await phone.behave({ kind: 'take' })
  // Both were to be sent at the same moment.
  await other.pushes(1)
  expect(await device.told()).toMatchObject({ pushes: [], attempts: 1 })
})

test('[WEB-5] a browser that is gone is forgotten', async () => {
  const all = await scene()
  const { ben, device } = all
  const other = await subscribe(ben)
  await device.behave({ kind: 'refuse', status: 410 })
  await mention(all)
  await device.attempts(1)
  await other.pushes(1)
  await mention(all, 'again')
  await other.pushes(2)
  expect((await device.told()).attempts).toBe(1)
})

test('[WEB-5] a browser that another person took over tells its new person only', async () => {
  const all = await scene()
  const { device } = all
  await subscribe(await signIn('carl'), device)
  await mention(all)
  await expectSilence(device, all)
})

test('[WEB-5] a phone that is registered only now hears nothing of what was said before', async () => {
  const all = await scene()
  const first = await addDevice()
  await all.device.behave({ kind: 'refuse', status: 503 })
  await mention(all, 'before')
  await all.device.attempts(1)
  await subscribe(all.ben, first)
  await mention(all, 'after')
  expect((await first.pushes(1))[0]?.payload).toMatchObject({ preview: 'after', count: 1 })
})

// The first retry takes its time.
describe.each<Eviction>(['none', 'close'])(
  'with an eviction (%s)',
  { timeout: 40_000 },
  (eviction) => {
    test('[LIM-3] a push that was refused for now is sent again, and words that changed are not told', async () => {
      const all = await scene()
      const { ann, room_id, device } = all
      await device.behave({ kind: 'refuse', status: 503 })
      const message = await mention(all, 'the first words')
      await device.attempts(1)
      const content = `@${all.ben.display_name}: the better words`
      await ann.patch(`/api/rooms/${room_id}/messages/${message.message_id}`, { content })
      await evictPush(room_id, eviction)
      await device.behave({ kind: 'take' })
      const [push] = await device.pushes(1)
      expect(push?.payload).toMatchObject({ type: 'mention', preview: content })
      expect(push?.payload.message_id).toBe(message.message_id)
    })

    test('[MSG-8] of what was deleted meanwhile nothing is sent', async () => {
      const all = await scene()
      const { ann, room_id, device } = all
      await device.behave({ kind: 'refuse', status: 503 })
      const message = await mention(all, 'a secret')
      await device.attempts(1)
      await ann.delete(`/api/rooms/${room_id}/messages/${message.message_id}`)
      await evictPush(room_id, eviction)
      await device.behave({ kind: 'take' })
      await mention(all, 'no secret')
      const pushes = await device.pushes(1)
      expect(pushes.map(({ payload }) => payload.preview)).toEqual(['no secret'])
    })
  },
)
