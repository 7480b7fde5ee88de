/** Who is told what, where and when (WEB-5); what the tab says of it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { axeViolations } from './axe-violations.ts'
import { eventually, startHarness, type Harness, type Person } from './page-harness.ts'
import { clickNotification, shownNotifications } from './system-notifications.ts'

let harness: Harness
let alice: Person
let bob: Person
/** Where Alice is, and where she is not. */
let here: Room
let there: Room

/** The browser keeps no account of the badge, so the page's calls are noted. */
const noteBadges = () => {
  const noted: (number | 'dot' | 'none')[] = []
  Object.assign(window, { noted_badges: noted })
  Object.assign(Navigator.prototype, {
    setAppBadge: async (count?: number) => void noted.push(count ?? 'dot'),
    clearAppBadge: async () => void noted.push('none'),
  })
}

const badge = (page: Page) =>
  page.evaluate(() => (window as unknown as { noted_badges: unknown[] }).noted_badges.at(-1))

const favicon = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '')

const roomOfBoth = async (title: string): Promise<Room> => {
  const room = await alice.createRoom({ title })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  return room
}

const bobSays = (room: Room, content: string) =>
  bob.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, { content })

const setLevel = (level: 'all' | 'mentions' | 'nothing') =>
  alice.call('PUT', '/api/me/notifications', { level, quiet_hours: null })

const toasts = (page: Page) => page.getByRole('status', { name: 'Notifications' })

/**
 * Puts another window in front of these pages. Playwright pretends after every navigation that a
 * page has the keyboard.
 */
const lookAway = async (...pages: Page[]): Promise<Page> => {
  const elsewhere = await alice.context.newPage()
  await elsewhere.goto('about:blank')
  for (const page of pages) {
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  }
  await elsewhere.bringToFront()
  for (const page of pages) await page.waitForFunction(() => !document.hasFocus())
  return elsewhere
}

/** The inbox greets a page with how things stand; what comes after is news. */
const openWelcomed = async (room: Room): Promise<void> => {
  const inbox = await Promise.all([
    alice.page.waitForEvent('websocket', (socket) => new URL(socket.url()).pathname === '/ws'),
    alice.page.goto(`/rooms/${room.room_id}`),
  ]).then(([socket]) => socket)
  await inbox.waitForEvent('framereceived', ({ payload }) => payload.includes('inbox_welcome'))
  await alice.page.getByText('Live', { exact: true }).waitFor()
}

beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', {
    serviceWorkers: 'allow',
    permissions: ['notifications'],
  })
  bob = await harness.person('bob@muster.test')
  await alice.context.addInitScript(noteBadges)
  here = await roomOfBoth('Etcher 4')
  there = await roomOfBoth('Stepper 2')
  await alice.open(here)
  await alice.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
})
afterAll(() => harness.stop())

beforeEach(async () => {
  await setLevel('mentions')
  await alice.page.bringToFront()
  await openWelcomed(here)
})

test('[WEB-5] a mention in another room is told in the page, and a click opens the message', async () => {
  const { page } = alice
  await bobSays(there, 'nothing for anybody in particular')
  const message = await bobSays(there, `@${alice.user_id} please look`)
  const toast = toasts(page).getByRole('link', { name: 'mentioned you · Stepper 2' })
  await toast.waitFor()
  // The plain message came before: had it been told, it would stand here.
  expect(await toasts(page).getByRole('link').count()).toBe(1)
  expect(await shownNotifications(page)).toEqual([])
  await toast.click()
  await page.waitForURL(`**/rooms/${there.room_id}/messages/${message.message_id}`)
  await eventually(() => toasts(page).getByRole('link').count()).toBe(0)
})

test('[WEB-5] all messages of a room, where one wants that; its toast can be dismissed', async () => {
  const { page } = alice
  await alice.call('PUT', `/api/rooms/${there.room_id}/notifications`, { level: 'all' })
  await openWelcomed(here)
  await bobSays(there, 'pressure is back')
  const toast = toasts(page).getByRole('link', { name: 'Stepper 2' })
  await toast.getByText('pressure is back').waitFor()
  await bobSays(here, `@${alice.user_id} this one you see`)
  await bobSays(there, 'and stays')
  await toast.getByText('and stays').waitFor()
  expect(await toasts(page).getByRole('link').count()).toBe(1)
  await toasts(page).getByRole('button', { name: 'Dismiss' }).click()
  await eventually(() => toasts(page).getByRole('link').count()).toBe(0)
  await alice.call('PUT', `/api/rooms/${there.room_id}/notifications`, { level: 'default' })
})

test('[WEB-5] three toasts at once are enough: the oldest goes', async () => {
  const { page } = alice
  const rooms = []
  for (const title of ['Pump 1', 'Pump 2', 'Pump 3', 'Pump 4']) rooms.push(await roomOfBoth(title))
  await page.getByRole('navigation').getByRole('link', { name: 'Pump 4' }).waitFor()
  for (const room of rooms) await bobSays(room, `@${alice.user_id} look`)
  const toast = toasts(page).getByRole('link')
  await toast.filter({ hasText: 'Pump 4' }).waitFor()
  expect(await toast.count()).toBe(3)
  expect(await toast.filter({ hasText: 'Pump 1' }).count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
})

test('[WEB-5] while another window is in front: one notification per room, a click leads there', async () => {
  const { page } = alice
  const elsewhere = await lookAway(page)
  await bobSays(here, `@${alice.user_id} first`)
  const second = await bobSays(here, `@${alice.user_id} second`)
  await eventually(() => shownNotifications(page)).toMatchObject([
    {
      title: expect.stringMatching(/ mentioned you · Etcher 4$/),
      body: expect.stringContaining('second'),
      tag: `room:${here.room_id}`,
    },
  ])
  expect(await toasts(page).getByRole('link').count()).toBe(0)
  await clickNotification(page)
  await page.waitForURL(`**/rooms/${here.room_id}/messages/${second.message_id}`)
  await elsewhere.close()
})

test('[WEB-5] what is read elsewhere is taken back', async () => {
  const { page } = alice
  const elsewhere = await lookAway(page)
  const message = await bobSays(there, `@${alice.user_id} soon read`)
  await eventually(async () => (await shownNotifications(page)).length).toBe(1)
  await alice.call('PUT', `/api/rooms/${there.room_id}/read`, {
    sequence_number: message.sequence_number,
  })
  await eventually(() => shownNotifications(page)).toEqual([])
  await elsewhere.close()
})

test('[WEB-5] of several tabs only the one in front tells', async () => {
  const { page } = alice
  const front = await lookAway(page)
  await front.goto(`/rooms/${here.room_id}`)
  await front.getByText('Live', { exact: true }).waitFor()
  // What tells is fetched after the room; from then on the tab says that it is in front.
  await eventually(() =>
    front.evaluate(async () =>
      ((await navigator.locks.query()).held ?? []).map(({ name }) => name),
    ),
  ).toContain(`muster.notify.focused.${alice.user_id}`)
  await bobSays(there, `@${alice.user_id} once`)
  await toasts(front).getByRole('link', { name: 'Stepper 2' }).waitFor()
  // Both tabs know by now.
  await eventually(() => page.title()).toMatch(/^\(\d+\)/)
  expect(await toasts(page).getByRole('link').count()).toBe(0)
  expect(await shownNotifications(page)).toEqual([])
  // The control: with none of them in front, one of them tells.
  const elsewhere = await lookAway(page, front)
  await bobSays(there, `@${alice.user_id} twice`)
  await eventually(async () => (await shownNotifications(page)).length).toBe(1)
  await elsewhere.close()
  await front.close()
})

test('[WEB-5] title, icon and badge say what waits, and only the title of the room is left', async () => {
  const { page } = alice
  const fresh = await roomOfBoth('Oven 7')
  const { rooms } = await alice.call<{ rooms: Room[] }>('GET', '/api/rooms')
  for (const room of rooms)
    await alice.call('PUT', `/api/rooms/${room.room_id}/read`, { sequence_number: 100 })
  await eventually(() => page.title()).toBe('Etcher 4 · Muster')
  expect(await favicon(page)).toMatch(/\/favicon\.svg$/)
  await bobSays(fresh, 'warm')
  await eventually(() => page.title()).toBe('• Etcher 4 · Muster')
  expect(await badge(page)).toBe('dot')
  const message = await bobSays(fresh, `@${alice.user_id} hot`)
  await eventually(() => page.title()).toBe('(1) Etcher 4 · Muster')
  expect(decodeURIComponent(await favicon(page))).toContain('>1</text>')
  expect(await badge(page)).toBe(1)
  await alice.call('PUT', `/api/rooms/${fresh.room_id}/read`, {
    sequence_number: message.sequence_number,
  })
  await eventually(() => page.title()).toBe('Etcher 4 · Muster')
  expect(await favicon(page)).toMatch(/\/favicon\.svg$/)
  expect(await badge(page)).toBe('none')
  expect(alice.errors).toEqual([])
})

test('[WEB-5] the browser is asked only by a click, and "Not now" is remembered', async () => {
  const carol = await harness.person('carol@muster.test')
  const { page } = carol
  // Nobody can answer the browser's question here: that it is asked is noted, and answered no.
  await carol.context.addInitScript(() => {
    let permission: NotificationPermission = 'default'
    Object.defineProperty(Notification, 'permission', { get: () => permission })
    Object.assign(window, { asked_count: 0 })
    Notification.requestPermission = async () => {
      Object.assign(window, { asked_count: 1 })
      return (permission = 'denied')
    }
  })
  const askedCount = () =>
    page.evaluate(() => (window as unknown as { asked_count: number }).asked_count)
  const room = await carol.createRoom()
  await carol.open(room)
  const bar = page.getByRole('region', { name: 'Notifications' })
  await bar.waitFor()
  expect(await askedCount()).toBe(0)
  await bar.getByRole('button', { name: 'Turn on' }).click()
  await bar.getByText(/browser blocks notifications/).waitFor()
  expect(await askedCount()).toBe(1)
  // A reload forgets the answer that the script above gave, not one that the page keeps.
  await carol.open(room)
  await bar.getByRole('button', { name: 'Not now' }).click()
  await eventually(() => bar.count()).toBe(0)
  await carol.open(room)
  expect(await bar.count()).toBe(0)
  expect(carol.errors).toEqual([])
})
