import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', { reducedMotion: 'reduce' })
  bob = await harness.person('bob@muster.test')
})
afterAll(() => harness.stop())

const desktop = { width: 1440, height: 900 }
const tablet = { width: 820, height: 1100 }
const phone = { width: 360, height: 740 }

const roomOfBoth = async (title: string): Promise<Room> => {
  const room = await alice.createRoom({ title, location: 'Fab 12', lots: ['A12-77'] })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  return room
}

const openAt = async (viewport: { width: number; height: number }, room: Room): Promise<Page> => {
  await alice.page.setViewportSize(viewport)
  await alice.open(room)
  return alice.page
}

const header = (page: Page) =>
  page
    .getByRole('main')
    .locator('header')
    .filter({ has: h1(page) })
const h1 = (page: Page) => page.locator('h1[title]')
const pane = (page: Page) => page.getByRole('complementary')
const isInert = (element: Element) => element.closest('[inert]') !== null
const isSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

test('[WEB-6] a desktop has three panes; the third stays closed once it was closed', async () => {
  const page = await openAt(desktop, await roomOfBoth('Three panes'))
  await pane(page).getByRole('heading', { name: 'Members' }).waitFor()
  const [list, log, members] = await Promise.all(
    [page.getByRole('navigation'), page.getByRole('log'), pane(page)].map((part) =>
      part.boundingBox(),
    ),
  )
  expect(list && log && list.x + list.width).toBeLessThanOrEqual(log?.x ?? 0)
  expect(log && members && log.x + log.width).toBeLessThanOrEqual(members?.x ?? 0)
  await pane(page).getByRole('button', { name: 'Close' }).click()
  await page.reload()
  await page.getByText('Live', { exact: true }).waitFor()
  expect(await pane(page).count()).toBe(0)
  await header(page)
    .getByRole('button', { name: /^Members/ })
    .click()
  await page.reload()
  await pane(page).getByRole('heading', { name: 'Members' }).waitFor()
})

test('[WEB-6] a pane beside the messages stays when Escape is meant for them', async () => {
  const page = await openAt(desktop, await roomOfBoth('Escape'))
  await pane(page).waitFor()
  await page.getByRole('textbox', { name: /^Message / }).press('Escape')
  expect(await pane(page).count()).toBe(1)
  await pane(page).getByRole('button', { name: 'Add member' }).press('Escape')
  await expect.poll(() => pane(page).count()).toBe(0)
})

test('[WEB-6] [WEB-10] on a tablet the pane covers: focus goes in and comes back', async () => {
  const page = await openAt(tablet, await roomOfBoth('Tablet'))
  expect(await pane(page).count()).toBe(0)
  const opener = header(page).getByRole('button', { name: /^Members/ })
  await opener.press('Enter')
  await expect.poll(() => pane(page).evaluate((e) => e.contains(document.activeElement))).toBe(true)
  expect(await page.getByRole('navigation').isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  await expect.poll(() => opener.evaluate((e) => e === document.activeElement)).toBe(true)
  expect(await pane(page).count()).toBe(0)
})

test('[WEB-6] [WEB-10] a phone has one pane and a menu, all of it by keyboard', async () => {
  const page = await openAt(phone, await roomOfBoth('Phone'))
  expect(await page.getByRole('navigation').isVisible()).toBe(false)
  const more = header(page).getByRole('button', { name: 'More' })
  await more.press('Enter')
  const menu = page.getByRole('menu', { name: 'More' })
  await menu.getByRole('menuitem', { name: 'Pinned' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
  await expect.poll(focused).toBe('Search')
  await page.keyboard.press('End')
  await expect.poll(focused).toBe('Edit room')
  await page.keyboard.press('Escape')
  await expect.poll(() => more.evaluate((e) => e === document.activeElement)).toBe(true)

  await more.click()
  await menu.getByRole('menuitem', { name: 'Pinned' }).click()
  await pane(page).getByRole('heading', { name: 'Pinned', exact: true }).waitFor()
  expect(await pane(page).boundingBox()).toMatchObject({ x: 0, y: 0, ...phone })
  // What lies behind is not to be walked through.
  expect(await page.getByRole('textbox', { name: /^Message / }).evaluate(isInert)).toBe(true)
  await pane(page).getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => more.evaluate((e) => e === document.activeElement)).toBe(true)
  await header(page).getByRole('link', { name: 'Back to rooms' }).click()
  await page.getByRole('navigation').getByRole('link', { name: /Phone/ }).waitFor()
  expect(await page.getByRole('log').count()).toBe(0)
})

test.each([
  ['a phone', phone],
  ['a phone on its side', { width: 740, height: 360 }],
  ['a desktop at 200 %', { width: 640, height: 400 }],
])('[WEB-6] [WEB-10] %s shows messages and the composer, nothing sideways', async (_n, size) => {
  const room = await roomOfBoth(`A rather long title of an incident, ${size.width} wide`)
  const page = await openAt(size, room)
  await write(page, 'can you read this')
  await expect.poll(() => page.getByRole('article').first().isVisible()).toBe(true)
  const log = await page.getByRole('log').boundingBox()
  expect(log?.height).toBeGreaterThan(100)
  const composer = await page.getByRole('textbox', { name: /^Message / }).boundingBox()
  expect((composer?.y ?? 0) + (composer?.height ?? 0)).toBeLessThanOrEqual(size.height)
  expect(await isSideways(page)).toBe(false)
  await page.goto('/')
  await page.getByRole('navigation').getByRole('link').first().waitFor()
  expect(await isSideways(page)).toBe(false)
})

test('[WEB-6] what one presses with a finger is big enough', async () => {
  const person = await harness.person('alice@muster.test', {
    viewport: phone,
    hasTouch: true,
    isMobile: true,
  })
  const room = await roomOfBoth('Fingers')
  await person.open(room)
  const small = await person.page.getByRole('main').evaluate((main) =>
    [...main.querySelectorAll('header button, header a')]
      .filter((e) => e.checkVisibility() && !e.matches('.status'))
      .map((e) => [e.ariaLabel ?? e.textContent, e.getBoundingClientRect()] as const)
      .filter(([, { width, height }]) => width < 44 || height < 44)
      .map(([name]) => name),
  )
  expect(small).toEqual([])
  await person.context.close()
})

test('[WEB-1] the header tells how bad, how it stands, since when, and who is on it', async () => {
  const room = await roomOfBoth('Header')
  const opened_at = Date.parse(room.created_at)
  await alice.page.setViewportSize({ width: 1200, height: 800 })
  const at = await alice.context.newPage()
  await at.clock.setSystemTime(opened_at + 2 * 3_600_000 + 10 * 60_000 + 5_000)
  await at.goto(`/rooms/${room.room_id}`)
  await at.getByText('Live', { exact: true }).waitFor()
  const text = () => header(at).innerText()
  expect(await text()).toMatch(/High\s+Status\s+Active\s+Resolve\s+Open for\s+2 h 10 min/)
  expect(await text()).toContain('Fab 12 · A12-77')
  await at.clock.setSystemTime(opened_at + 26 * 3_600_000 + 5_000)
  await at.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect.poll(text).toContain('1 d 2 h')
  await bob.open(room)
  await expect
    .poll(() =>
      header(at)
        .getByRole('button', { name: /^Members/ })
        .getAttribute('title'),
    )
    .toMatch(/2 members\nOnline: .*bob@muster\.test/)
  await at.close()
})

test('[WEB-1] the next status by one press, any other from the menu, archiving asked for', async () => {
  const room = await roomOfBoth('Status')
  const page = await openAt({ width: 1200, height: 800 }, room)
  await bob.open(room)
  await header(page).getByRole('button', { name: 'Resolve' }).click()
  await header(bob.page).getByRole('button', { name: 'Reopen' }).click()
  const status = header(page).getByRole('button', { name: /^Status/ })
  await expect.poll(() => status.innerText()).toMatch(/Active/)

  await header(bob.page)
    .getByRole('button', { name: /^Status/ })
    .click()
  expect(await bob.page.getByRole('menuitemradio').allInnerTexts()).toEqual(['Active', 'Resolved'])
  await status.press('Enter')
  const chosen = page.getByRole('menuitemradio', { checked: true })
  expect(await chosen.innerText()).toBe('Active')
  await page.getByRole('menuitemradio', { name: 'Archived' }).click()
  const dialog = page.getByRole('dialog', { name: 'Archive this room?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => status.innerText()).toMatch(/Active/)
  await expect.poll(() => status.evaluate((e) => e === document.activeElement)).toBe(true)
  await status.click()
  await page.getByRole('menuitemradio', { name: 'Archived' }).click()
  await dialog.getByRole('button', { name: 'Archive' }).click()
  await bob.page.getByText('This room is archived.').waitFor()
  await expect
    .poll(() =>
      header(bob.page)
        .getByRole('button', { name: /^Status/ })
        .count(),
    )
    .toBe(0)
})

test('[API-4] the ownership is transferred, the last owner cannot leave, others can', async () => {
  const room = await roomOfBoth('Owners')
  const page = await openAt(tablet, room)
  await header(page)
    .getByRole('button', { name: /^Members/ })
    .click()
  const leave = async () => {
    await pane(page).getByRole('button', { name: 'Leave room' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click()
  }
  await leave()
  await page.getByRole('alert').getByText('You are its last owner.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await pane(page)
    .getByRole('button', { name: `Actions for ${bob.user_id}` })
    .click()
  await page.getByRole('menuitem', { name: 'Make owner in my place' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click()
  await expect.poll(() => pane(page).getByRole('button', { name: 'Add member' }).count()).toBe(0)
  await leave()
  await expect.poll(() => new URL(page.url()).pathname).toBe('/')
  await expect.poll(() => page.getByRole('link', { name: /Owners/ }).count()).toBe(0)
  expect(alice.errors).toEqual([])
})
