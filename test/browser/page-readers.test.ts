import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
/** Only reads. */
let carol: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  bob = await harness.person('bob@muster.test')
  carol = await harness.person('carol@muster.test')
})
afterAll(() => harness.stop())

beforeEach(async () => {
  room = await alice.createRoom({ title: 'Readers' })
  for (const [{ user_id }, role] of [
    [bob, 'editor'],
    [carol, 'viewer'],
  ] as const)
    await alice.call('POST', `/api/rooms/${room.room_id}/members`, { user_id, role })
})

afterEach(async () => {
  for (const { page } of [alice, bob, carol]) await page.goto('about:blank')
})

const say = (person: Person, content: string) =>
  person.call('POST', `/api/rooms/${room.room_id}/messages`, { content })

const read = (person: Person, sequence_number: number) =>
  person.call('PUT', `/api/rooms/${room.room_id}/read`, { sequence_number })

/** The item of a message: the row, and who stands beside it. */
const itemOf = (page: Page, text: string): Locator =>
  page.getByRole('log').getByRole('listitem').filter({ hasText: text })

/** Waits until these stand beside a message. */
const standAt = (page: Page, text: string, names: RegExp): Promise<void> =>
  itemOf(page, text).getByText(names).waitFor({ state: 'attached' })

const topOf = (page: Page, text: string): Promise<number> =>
  itemOf(page, text).evaluate((item) => item.getBoundingClientRect().top)

const reception = (page: Page): Locator => page.getByRole('button', { name: /^Your last message:/ })

test('[INBOX-2] faces stand at the last message each has read, and move without moving the rows', async () => {
  await alice.open(room)
  await say(alice, 'first')
  await say(alice, 'second')
  await bob.open(room)
  await standAt(alice.page, 'second', /^Read by bob/i)
  const top = await topOf(alice.page, 'first')
  await carol.open(room)
  await standAt(alice.page, 'second', /^Read by (?=.*bob)(?=.*carol)/i)
  expect(
    await itemOf(alice.page, 'first')
      .getByText(/^Read by/)
      .count(),
  ).toBe(0)
  expect(await topOf(alice.page, 'first')).toBe(top)
  // Nobody sees themselves, and who spoke has read their own words.
  await standAt(bob.page, 'second', /^Read by (?!.*bob)(?=.*alice)(?=.*carol)/i)
  for (const { errors } of [alice, bob, carol]) expect(errors).toEqual([])
})

test('[INBOX-2] how one’s own last message was received, by whom, and by whom not', async () => {
  await alice.open(room)
  await write(alice.page, 'who is on site?')
  await reception(alice.page).getByText('Not read yet').waitFor()
  await bob.open(room)
  await reception(alice.page).getByText('Read by 1 of 2').waitFor()
  await reception(alice.page).click()
  const sheet = alice.page.getByRole('group', { name: /^Your last message:/ })
  expect(await sheet.getByRole('heading').allTextContents()).toEqual(['Read (1)', 'Not yet (1)'])
  const lists = sheet.getByRole('list')
  expect(await lists.nth(0).textContent()).toMatch(/bob/i)
  expect(await lists.nth(1).textContent()).toMatch(/carol/i)
  await alice.page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await expect
    .poll(() => reception(alice.page).evaluate((b) => b === document.activeElement))
    .toBe(true)
  await carol.open(room)
  await reception(alice.page).getByText('Read by everyone').waitFor()
  // Bob has said nothing.
  expect(await reception(bob.page).count()).toBe(0)
  for (const { errors } of [alice, bob, carol]) expect(errors).toEqual([])
})

test('[INBOX-2] [WEB-4] what was read while one was away shows after the reconnect', async () => {
  await alice.open(room)
  await write(alice.page, 'still there?')
  await reception(alice.page).getByText('Not read yet').waitFor()
  await alice.context.setOffline(true)
  await alice.page.getByText('Live', { exact: true }).waitFor({ state: 'detached' })
  await read(bob, 100)
  await alice.context.setOffline(false)
  await reception(alice.page).getByText('Read by 1 of 2').waitFor()
  await standAt(alice.page, 'still there?', /^Read by bob/i)
  expect(alice.errors).toEqual([])
})

test('[WEB-10] on a phone the faces give way to the words, and nothing is announced', async () => {
  await alice.page.setViewportSize({ width: 360, height: 740 })
  try {
    await alice.open(room)
    await write(alice.page, 'on my way')
    await bob.open(room)
    await reception(alice.page).getByText('Read by 1 of 2').waitFor()
    expect(await itemOf(alice.page, 'on my way').locator('.face').count()).toBe(1)
    expect(await itemOf(alice.page, 'on my way').locator('.face').isVisible()).toBe(false)
    expect(await alice.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    const is_announced = await reception(alice.page).evaluate(
      (button) => button.closest('[aria-live="polite"], [role="status"], [role="alert"]') !== null,
    )
    expect(is_announced).toBe(false)
  } finally {
    await alice.page.setViewportSize({ width: 1_280, height: 720 })
  }
  expect(alice.errors).toEqual([])
})
