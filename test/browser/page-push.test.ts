/** Web push from end to end: turned on in the page, sent by the Worker, shown with no page open. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { PushService, type Device } from '../support/push-service.ts'
import { openSettings, signOut } from './account.ts'
import { eventually, startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let service: PushService
let alice: Person
let bob: Person
let carol: Person
let room: Room
let device: Device
let other_device: Device

/**
 * Chromium reaches no push service from here, so the browser's part of subscribing is played: the
 * address and keys are those of the push service that listens on this machine.
 */
const playSubscribing = ({ endpoint, keys }: Device['subscription']) => {
  const subscription = (applicationServerKey: ArrayBuffer) => ({
    endpoint,
    expirationTime: null,
    options: { userVisibleOnly: true, applicationServerKey },
    toJSON: () => ({ endpoint, keys, expirationTime: null }),
    unsubscribe: async () => {
      localStorage.removeItem('test.subscribed')
      return true
    },
  })
  Object.assign(PushManager.prototype, {
    subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
      localStorage.setItem('test.subscribed', JSON.stringify([...applicationServerKey]))
      return subscription(applicationServerKey.slice().buffer as ArrayBuffer)
    },
    getSubscription: async () => {
      const key = localStorage.getItem('test.subscribed')
      return key === null ? null : subscription(Uint8Array.from(JSON.parse(key) as number[]).buffer)
    },
  })
}

const subscriber = async (user_id: string, own: Device): Promise<Person> => {
  const person = await harness.person(user_id, {
    serviceWorkers: 'allow',
    permissions: ['notifications'],
  })
  await person.context.addInitScript(playSubscribing, own.subscription)
  return person
}

const turnOn = async ({ page }: Person): Promise<void> => {
  await page.goto('/')
  const dialog = await openSettings(page)
  await dialog.getByRole('switch', { name: 'Notify me while Muster is closed' }).click()
  await dialog.getByText('On. This device is notified even when Muster is closed.').waitFor()
}

const bobSays = (content: string) =>
  bob.call('POST', `/api/rooms/${room.room_id}/messages`, { content })

beforeAll(async () => {
  service = await PushService.start()
  device = service.addDevice()
  other_device = service.addDevice()
  harness = await startHarness()
  alice = await subscriber('alice@muster.test', device)
  carol = await subscriber('carol@muster.test', other_device)
  bob = await harness.person('bob@muster.test')
  room = await bob.createRoom({ title: 'Etcher 4' })
  for (const { user_id } of [alice, carol])
    await bob.call('POST', `/api/rooms/${room.room_id}/members`, { user_id, role: 'editor' })
})
afterAll(async () => {
  await harness.stop()
  await service.stop()
})

test('[WEB-5] turned on in the settings, a mention arrives while no page is open', async () => {
  await turnOn(alice)
  await alice.page.goto('about:blank')
  await bobSays(`@${alice.user_id} please look`)
  await eventually(() => device.pushes.length).toBe(1)
  expect(device.pushes[0]?.payload).toMatchObject({
    type: 'mention',
    room_id: room.room_id,
    room_title: 'Etcher 4',
    preview: expect.stringContaining('please look'),
  })
})

test('[WEB-5] it is still on after a reload, and can be turned off', async () => {
  const { page } = alice
  await page.goto('/')
  const dialog = await openSettings(page)
  const push = dialog.getByRole('switch', { name: 'Notify me while Muster is closed' })
  await dialog.getByText('On. This device is notified even when Muster is closed.').waitFor()
  await push.click()
  await dialog.getByText('Off. You are notified only while Muster is open.').waitFor()
  await page.reload()
  await openSettings(page)
  await dialog.getByText('Off. You are notified only while Muster is open.').waitFor()
})

test('[SEC-2] whoever signs out takes the push with them', async () => {
  await turnOn(carol)
  await turnOn(alice)
  await alice.page.keyboard.press('Escape')
  await signOut(alice.page)
  expect(await alice.page.evaluate(() => localStorage.getItem('test.subscribed'))).toBe(null)
  await carol.page.goto('about:blank')
  const before = device.pushes.length
  await bobSays(`@${alice.user_id} @${carol.user_id} both of you`)
  await eventually(() => other_device.pushes.length).toBe(1)
  expect(device.pushes.length).toBe(before)
  expect(service.problems).toEqual([])
  expect(alice.errors).toEqual([])
})
