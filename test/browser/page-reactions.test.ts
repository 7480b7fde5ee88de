import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { holdSocket, type HeldSocket } from './held-socket.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
let room: Room
let wire: HeldSocket
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  bob = await harness.person('bob@muster.test')
  room = await alice.createRoom({ title: 'Reactions' })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  wire = await holdSocket(alice.page)
  await Promise.all([alice.open(room), bob.open(room)])
})
afterAll(() => harness.stop())

const say = (content: string) =>
  bob.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, { content })

const rowOf = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text })

const pill = (person: Person, text: string, emoji: string): Locator =>
  rowOf(person.page, text).getByRole('button', { name: new RegExp(`^${emoji}`, 'u') })

const openMenu = async (page: Page, text: string): Promise<Locator> => {
  const row = rowOf(page, text)
  await row.hover()
  await row.getByRole('button', { name: 'More actions' }).click()
  return page.getByRole('group', { name: 'More actions' })
}

const react = async (page: Page, text: string, emoji: string): Promise<void> => {
  const menu = await openMenu(page, text)
  await menu.getByRole('button', { name: `React with ${emoji}` }).click()
}

test('[MSG-9] a reaction shows before the room knows, and the room then says the same', async () => {
  await say('first')
  await rowOf(alice.page, 'first').waitFor()
  wire.hold()
  await react(alice.page, 'first', '👍')
  await pill(alice, 'first', '👍').waitFor()
  expect(await pill(alice, 'first', '👍').getAttribute('aria-pressed')).toBe('true')
  expect(wire.waiting).toMatchObject([{ type: 'add_reaction' }])
  expect(await pill(bob, 'first', '👍').count()).toBe(0)
  wire.release()
  await pill(bob, 'first', '👍').click()
  await expect.poll(() => pill(alice, 'first', '👍').textContent()).toMatch(/^👍\s*2/)
})

test('[MSG-9] what is refused is taken back, with a note', async () => {
  await say('refused')
  await rowOf(alice.page, 'refused').waitFor()
  wire.hold()
  await react(alice.page, 'refused', '🎉')
  await pill(alice, 'refused', '🎉').waitFor()
  wire.refuse('rate_limited')
  await alice.page.getByRole('alert').filter({ hasText: 'Too many at once' }).waitFor()
  expect(await pill(alice, 'refused', '🎉').count()).toBe(0)
  await alice.page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
  wire.release()
})

test('[MSG-9] what has no answer when the connection breaks is taken back, with a note', async () => {
  await say('broken')
  await rowOf(alice.page, 'broken').waitFor()
  wire.hold()
  await react(alice.page, 'broken', '🎉')
  await pill(alice, 'broken', '🎉').waitFor()
  await wire.cut()
  await alice.page.getByRole('alert').filter({ hasText: 'That was not done.' }).waitFor()
  expect(await pill(alice, 'broken', '🎉').count()).toBe(0)
  wire.release()
  await alice.page.getByText('Live', { exact: true }).waitFor()
})

test('[MSG-9] however fast it is pressed, the last press counts for everybody', async () => {
  await say('toggled')
  const own = pill(alice, 'toggled', '👀')
  await rowOf(alice.page, 'toggled').waitFor()
  wire.hold()
  await react(alice.page, 'toggled', '👀')
  await own.click()
  await own.waitFor({ state: 'detached' })
  await react(alice.page, 'toggled', '👀')
  await own.waitFor()
  expect(wire.waiting).toMatchObject([
    { type: 'add_reaction' },
    { type: 'remove_reaction' },
    { type: 'add_reaction' },
  ])
  wire.release()
  await pill(bob, 'toggled', '👀').waitFor()
  await expect.poll(() => own.textContent()).toMatch(/^👀\s*1/)
})

test('[MSG-9] any emoji is found by its name and the keyboard, and is at hand from then on', async () => {
  await say('picked')
  const menu = await openMenu(alice.page, 'picked')
  await menu.getByRole('button', { name: 'More emojis' }).click()
  const search = alice.page.getByRole('searchbox', { name: 'Search emojis' })
  await search.waitFor()
  await expect
    .poll(() => search.evaluate((box) => box === document.activeElement), { timeout: 10_000 })
    .toBe(true)
  await search.fill('fire ext')
  await alice.page.getByRole('button', { name: 'fire extinguisher' }).waitFor()
  // The Enter that picks a candidate of an input method picks no emoji.
  await search.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
  expect(await search.count()).toBe(1)
  await search.press('ArrowDown')
  await alice.page.keyboard.press('Enter')
  await pill(bob, 'picked', '🧯').waitFor()
  expect(await search.count()).toBe(0)

  const again = await openMenu(alice.page, 'picked')
  const offered = again.getByRole('button', { name: /^React with/ })
  expect(await offered.evaluateAll((all) => all.map((one) => one.textContent))).toContain('🧯')
  await alice.page.keyboard.press('Escape')
  expect(await again.count()).toBe(0)
})

test('[MSG-9] arrows walk through the grid; a skin tone is kept', async () => {
  await say('toned')
  const menu = await openMenu(alice.page, 'toned')
  await menu.getByRole('button', { name: 'More emojis' }).click()
  const picker = alice.page.getByRole('group', { name: 'Add reaction' })
  await picker.getByRole('combobox', { name: 'Skin tone' }).selectOption('3')
  const search = picker.getByRole('searchbox')
  await search.fill('hand')
  await picker.getByRole('status').filter({ hasText: 'emojis' }).waitFor({ state: 'attached' })
  const focused = () => alice.page.evaluate(() => document.activeElement?.getAttribute('title'))
  await search.press('ArrowDown')
  const first = await focused()
  await alice.page.keyboard.press('ArrowRight')
  const second = await focused()
  await alice.page.keyboard.press('ArrowDown')
  const below = await focused()
  expect(new Set([first, second, below]).size).toBe(3)
  await alice.page.keyboard.press('ArrowUp')
  expect(await focused()).toBe(second)
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.press('ArrowUp')
  expect(await search.evaluate((box) => box === document.activeElement)).toBe(true)
  await search.fill('raised hand')
  await picker.getByRole('button', { name: 'raised hand', exact: true }).click()
  await pill(bob, 'toned', '✋🏽').waitFor()
})

test('[WEB-3] who reacted stands by the pill and in the menu', async () => {
  const own = pill(alice, 'first', '👍')
  await own.focus()
  // By keyboard, since it was reached by a program.
  await alice.page.keyboard.press('Tab')
  await alice.page.keyboard.press('Shift+Tab')
  await expect
    .poll(() => own.locator('.who').evaluate((element) => getComputedStyle(element).opacity))
    .toBe('1')
  expect(await own.locator('.who').textContent()).toBe('You and bob@muster.test reacted with 👍')
  const menu = await openMenu(bob.page, 'first')
  await menu.getByRole('button', { name: 'Who reacted' }).click()
  const people = bob.page.getByRole('group', { name: 'Who reacted' })
  expect(await people.getByRole('definition').allTextContents()).toEqual([
    expect.stringContaining('You and alice@muster.test'),
  ])
  await bob.page.keyboard.press('Escape')
  expect([...alice.errors, ...bob.errors]).toEqual([])
})

test('[WEB-10] the picker speaks Chinese', async () => {
  const chen = await harness.person('bob@muster.test', { locale: 'zh-TW' })
  await chen.page.goto(`/rooms/${room.room_id}`)
  const row = rowOf(chen.page, 'toned')
  await row.hover()
  await row.getByRole('button', { name: '更多操作' }).click()
  await chen.page.getByRole('button', { name: '更多表情符號' }).click()
  await chen.page.getByRole('searchbox', { name: '搜尋表情符號' }).fill('滅火器')
  await chen.page.getByRole('button', { name: '滅火器' }).waitFor()
  await chen.page.keyboard.press('Enter')
  await pill(chen, 'toned', '🧯').waitFor()
  expect(chen.errors).toEqual([])
})
