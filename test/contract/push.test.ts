/** Pushes of the built Worker, with a push service that hangs, and across the Worker's death. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RoomClient } from '../support/client.ts'
import { createRoomOf, type Person, type RoomOfPeople } from '../support/people.ts'
import { PushService, type Device } from '../support/push-service.ts'
import { within } from '../support/wait.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

let worker: TestWorker
/** Of two makers of browsers. */
let service: PushService
let other_service: PushService
beforeAll(async () => {
  service = await PushService.start()
  other_service = await PushService.start()
  // All rooms share one object.
  worker = await startTestWorker({ vars: { PUSH_HOSTS: '127.0.0.1', PUSH_SHARDS: '1' } })
})
afterAll(async () => {
  await worker.stop()
  await service.stop()
  await other_service.stop()
})

const patienceMs = 90_000

const put = async ({ token }: Person, path: string, body: unknown): Promise<void> => {
  const response = await fetch(`${worker.served.url}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(await response.text())
}

const subscribe = async (person: Person, device: Device): Promise<Device> => {
  const expiring = { ...device.subscription, expiration_time: null }
  await put(person, '/api/me/push-subscriptions', expiring)
  await put(person, '/api/me/notifications', { level: 'all', quiet_hours: null })
  return device
}

const enter = ({ room_id, people: [ann] }: RoomOfPeople): RoomClient =>
  new RoomClient({ url: worker.served.url, room_id, ...(ann ?? { user_id: '', token: '' }) })

const inRoom = async (count: number) => {
  const room = await createRoomOf(worker.database.pool, count)
  return { room, others: room.people.slice(1) }
}

test('[WEB-5] a message in a room is on the phones of the others', async () => {
  const { room, others } = await inRoom(4)
  const devices = await Promise.all(others.map((one) => subscribe(one, service.addDevice())))
  const ann = enter(room)
  await ann.joined
  const { message_id } = await ann.say('the belt is hot 🔥')
  expect(await within(patienceMs, () => devices.every(({ pushes }) => pushes.length > 0))).toBe(
    true,
  )
  for (const { pushes } of devices)
    expect(pushes).toMatchObject([
      { payload: { type: 'message', message_id, preview: 'the belt is hot 🔥', count: 1 } },
    ])
  expect(service.problems).toEqual([])
  await ann.close()
})

test('[LIM-3] a push service that hangs holds up neither messages nor other rooms', async () => {
  const { room, others } = await inRoom(9)
  const hanging = await Promise.all(
    others.map((one) => subscribe(one, service.addDevice({ kind: 'hang' }))),
  )
  const ann = enter(room)
  await ann.joined
  await ann.say('number 0')
  expect(await within(patienceMs, () => hanging.some(({ attempts }) => attempts > 0))).toBe(true)
  const elsewhere = await inRoom(2)
  const [carl] = elsewhere.others
  if (!carl) throw new Error('nobody came')
  const phone = await subscribe(carl, other_service.addDevice())
  const dora = enter(elsewhere.room)
  await dora.joined
  await dora.say('heard')
  expect(await within(patienceMs, () => phone.pushes.length > 0)).toBe(true)
  await dora.close()
  // All of them are acknowledged while nobody has had an answer.
  for (let number = 1; number <= 50; number += 1) await ann.say(`number ${number}`)
  expect(hanging.every(({ pushes }) => pushes.length === 0)).toBe(true)
  for (const device of hanging) device.behaviour = { kind: 'take' }
  expect(await within(patienceMs, () => hanging.every(({ pushes }) => pushes.length > 0))).toBe(
    true,
  )
  await ann.close()
})

test('[LIM-3] [WEB-5] what is owed is paid by the next Worker, as it is then', async () => {
  const { room, others } = await inRoom(3)
  const [ben, carl] = others
  if (!ben || !carl) throw new Error('nobody came')
  const refusing = { kind: 'refuse', status: 503 } as const
  const phones = await Promise.all([
    subscribe(ben, service.addDevice(refusing)),
    subscribe(carl, service.addDevice(refusing)),
  ])
  const ann = enter(room)
  await ann.joined
  const { message_id } = await ann.say('before it died')
  expect(await within(patienceMs, () => phones.every(({ attempts }) => attempts > 0))).toBe(true)
  await worker.served.kill()
  // Carl is removed while nobody is there to push.
  await worker.database.pool.query('DELETE FROM room_members WHERE room_id = $1 AND user_id = $2', [
    room.room_id,
    carl.user_id,
  ])
  for (const phone of phones) phone.behaviour = { kind: 'take' }
  await worker.restart()
  expect(await within(patienceMs, () => phones[0].pushes.length > 0)).toBe(true)
  expect(phones[0].pushes).toMatchObject([{ payload: { message_id, preview: 'before it died' } }])
  expect(phones[1].pushes).toEqual([])
  await ann.close()
})
