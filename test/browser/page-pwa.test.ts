/** The page as an installed one: its files kept for when there is no network, updates, web push. */
import type { CDPSession } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PushPayload } from '../../src/protocol/push.ts'
import type { Room } from '../../src/protocol/room.ts'
import { openSettings } from './account.ts'
import { startChangedWorker } from './changed-worker.ts'
import {
  eventually,
  shownTexts,
  startHarness,
  write,
  type Harness,
  type Person,
} from './page-harness.ts'
import { clickNotification, shownNotifications } from './system-notifications.ts'

let harness: Harness
let alice: Person
let room: Room
let devtools: CDPSession
let registration_id: string

const installed = { serviceWorkers: 'allow' } as const

/** Delivers what a push service would, decrypted, to the service worker. */
const push = async (overrides: Partial<PushPayload> = {}): Promise<void> => {
  const payload: PushPayload = {
    type: 'mention',
    room_id: room.room_id,
    room_title: room.title,
    message_id: crypto.randomUUID(),
    sequence_number: 1,
    sender_id: 'bob@muster.test',
    sender_display_name: 'Bob',
    preview: 'please look',
    sent_at: '2026-11-22T01:00:00.000Z',
    count: 1,
    ...overrides,
  }
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: new URL(alice.page.url()).origin,
    registrationId: registration_id,
    data: JSON.stringify(payload),
  })
}

beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', {
    ...installed,
    permissions: ['notifications'],
  })
  room = await alice.createRoom({ title: 'Etcher 4' })
  devtools = await alice.context.newCDPSession(alice.page)
  const registered = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const { registrationId } of registrations) resolve(registrationId)
    }),
  )
  await devtools.send('ServiceWorker.enable')
  await alice.open(room)
  registration_id = await registered
  await alice.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
})
afterAll(() => harness.stop())

test('[WEB-5] the manifest makes the page installable', async () => {
  const { url, errors, data } = await devtools.send('Page.getAppManifest')
  expect(url).toMatch(/\/manifest\.webmanifest$/)
  expect(errors).toEqual([])
  const manifest = JSON.parse(data ?? '') as { icons: { src: string; sizes: string }[] }
  for (const { src, sizes } of manifest.icons) {
    const size = await alice.page.evaluate(async (address) => {
      const picture = await createImageBitmap(await (await fetch(address)).blob())
      return `${picture.width}x${picture.height}`
    }, src)
    expect(size).toBe(sizes)
  }
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  // A window without a profile of its own installs nothing; everything else is ours.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
})

test('[WEB-3] reloaded without a network, the page is there, and what is written is sent later', async () => {
  await alice.page.reload()
  await alice.page.getByText('Live', { exact: true }).waitFor()
  await alice.context.setOffline(true)
  await alice.page.reload()
  // Which of the two depends on what Chromium tells a page that it debugs.
  await alice.page
    .getByText(/^(You are offline|Connection lost)/)
    .first()
    .waitFor()
  await alice.page.getByRole('heading', { name: 'Etcher 4' }).first().waitFor()
  await write(alice.page, 'written without a network')
  await alice.page.reload()
  await alice.page.getByText('written without a network').waitFor()
  await alice.context.setOffline(false)
  await alice.page.getByText('Live', { exact: true }).waitFor()
  await eventually(async () => {
    const { messages } = await alice.call<{ messages: { content: string }[] }>(
      'GET',
      `/api/rooms/${room.room_id}/messages`,
    )
    return messages.map(({ content }) => content)
  }).toContain('written without a network')
  expect(await shownTexts(alice.page)).toEqual(['written without a network'])
})

test('[SEC-3] nothing of a person is in the caches, before or after signing out', async () => {
  const kept = await alice.page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept).toContain('/')
  expect(
    kept.filter((path) => !/^\/(assets\/.*|[\w-]+\.(js|svg|webmanifest)|language)?$/.test(path)),
  ).toEqual([])
})

test('[WEB-5] a push becomes one notification per room, and a click on it opens the message', async () => {
  const { page } = alice
  await page.goto('/')
  await page.getByRole('button', { name: 'New room' }).first().waitFor()
  const message = await alice.call<{ message_id: string }>(
    'POST',
    `/api/rooms/${room.room_id}/messages`,
    { content: 'the one to open' },
  )
  await push({ preview: 'first' })
  await push({
    preview: 'please look',
    count: 3,
    sequence_number: 2,
    message_id: message.message_id,
  })
  await eventually(() => shownNotifications(page)).toMatchObject([
    {
      title: 'Bob mentioned you · Etcher 4',
      body: 'please look (and 2 more)',
      tag: `room:${room.room_id}`,
    },
  ])
  await clickNotification(page)
  await page.waitForURL(`**/rooms/${room.room_id}/messages/${message.message_id}`)
  expect(await shownNotifications(page)).toEqual([])
})

test('[WEB-5] a push about the room that is being read shows nothing; about another it does', async () => {
  await alice.page.bringToFront()
  await alice.page.goto(`/rooms/${room.room_id}`)
  await alice.page.getByText('Live', { exact: true }).waitFor()
  const other = await alice.createRoom({ title: 'Stepper 2' })
  await push({ sequence_number: 3 })
  await push({ type: 'message', room_id: other.room_id, room_title: 'Stepper 2' })
  await eventually(() => shownNotifications(alice.page)).toMatchObject([
    { title: 'Stepper 2', body: 'Bob: please look', tag: `room:${other.room_id}` },
  ])
})

test('[WEB-5] the service worker speaks the language that was chosen on the page', async () => {
  const { page } = alice
  await page.goto('/')
  await openSettings(page)
  await page.getByText('Appearance').click()
  await page.getByText('繁體中文').click()
  await push({ sequence_number: 4 })
  await eventually(async () =>
    (await shownNotifications(page)).map(({ title }) => title),
  ).toContain('Bob 提到您 · Etcher 4')
  await page.getByText('English').click()
  await page.keyboard.press('Escape')
  expect(alice.errors).toEqual([])
})

test('[WEB-5] [SEC-3] a new version, under the policy of the page, is offered, and comes when somebody asks for it', async () => {
  const worker = await startChangedWorker(harness.worker.served.url)
  const context = await harness.browser.newContext({
    baseURL: worker.url,
    locale: 'en-US',
    ...installed,
  })
  const open = async () => {
    const page = await context.newPage()
    await page.goto('/')
    const address = page.getByRole('textbox')
    await address.fill('half-written')
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    return { page, address, offer: page.getByText('A new version of Muster is ready.') }
  }
  const first = await open()
  const second = await open()
  expect(await first.offer.count()).toBe(0)
  worker.deploy()
  // What the page does by itself every half an hour.
  await first.page.evaluate(async () => (await navigator.serviceWorker.ready).update())
  await first.offer.waitFor()
  await second.offer.waitFor()
  expect(await first.address.inputValue()).toBe('half-written')
  const reloaded = first.page.waitForEvent('load')
  await first.page.getByRole('button', { name: 'Reload' }).click()
  await reloaded
  expect(await first.address.inputValue()).toBe('')
  expect(await first.offer.count()).toBe(0)
  // The other tab is told, and left as it is.
  expect(await second.offer.count()).toBe(1)
  expect(await second.address.inputValue()).toBe('half-written')
  await context.close()
  await worker.stop()
})
