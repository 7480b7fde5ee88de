import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { shownTexts, startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
})
afterAll(() => harness.stop())

beforeEach(async () => {
  room = await alice.createRoom({ title: 'Keys' })
  await alice.open(room)
})

const composer = (): Locator => alice.page.getByRole('textbox', { name: /^Message / })
const editBox = (): Locator => alice.page.getByRole('textbox', { name: 'Edit message' })
const dialog = (name: string): Locator => alice.page.getByRole('dialog', { name })
const pane = (name: string): Locator => alice.page.getByRole('complementary', { name })
const press = (key: string) => alice.page.keyboard.press(key)
const isFocused = (locator: Locator) =>
  locator.evaluate((element) => element === document.activeElement)

test('[WEB-10] ArrowUp in the empty composer edits one’s last message; focus comes back', async () => {
  await write(alice.page, 'the first')
  await write(alice.page, 'the lsat')
  const confirmed = alice.page.getByRole('article').getByRole('button', { name: 'More actions' })
  await expect.poll(() => confirmed.count()).toBe(2)
  await alice.page.keyboard.type('no')
  await press('ArrowUp')
  expect(await editBox().count()).toBe(0)
  await composer().fill('')
  await press('ArrowUp')
  await expect.poll(() => editBox().inputValue()).toBe('the lsat')
  await editBox().fill('the last')
  await press('Enter')
  await expect.poll(() => shownTexts(alice.page)).toEqual(['the first', 'the last (edited)'])
  await expect.poll(() => isFocused(composer())).toBe(true)
  await press('ArrowUp')
  await editBox().waitFor()
  await press('Escape')
  await expect.poll(() => editBox().count()).toBe(0)
  await expect.poll(() => isFocused(composer())).toBe(true)
  expect(alice.errors).toEqual([])
})

test('[WEB-10] Escape undoes one thing a press: menu, list, reply, pane, then to the newest', async () => {
  await alice.page.setViewportSize({ width: 1000, height: 500 })
  for (let n = 1; n <= 30; n += 1)
    await alice.call('POST', `/api/rooms/${room.room_id}/messages`, { content: `line ${n}` })
  await alice.page.getByText('line 30', { exact: true }).first().waitFor()
  const row = alice.page.getByRole('article').filter({ hasText: 'line 30' })
  await row.hover()
  await row.getByRole('button', { name: 'Reply' }).click()
  const reply = alice.page.getByText(/^Replying to/)
  await reply.waitFor()
  await row.hover()
  await row.getByRole('button', { name: 'More actions' }).click()
  const menu = alice.page.getByRole('group', { name: 'More actions' })
  await menu.waitFor()
  await press('Escape')
  await expect.poll(() => menu.count()).toBe(0)
  expect(await reply.count()).toBe(1)
  await alice.page
    .getByRole('toolbar', { name: 'Actions' })
    .getByRole('button', { name: 'More actions of the room' })
    .click()
  await alice.page.getByRole('toolbar').getByRole('button', { name: 'Pinned' }).click()
  await pane('Pinned').waitFor()
  // The pane is beside the toolbar's room; the composer is still reachable by keyboard.
  await composer().focus()
  await alice.page.keyboard.type('@')
  const list = alice.page.getByRole('listbox')
  await list.waitFor()

  await press('Escape')
  expect([await list.count(), await reply.count(), await pane('Pinned').count()]).toEqual([0, 1, 1])
  await press('Escape')
  await expect.poll(() => reply.count()).toBe(0)
  expect(await pane('Pinned').count()).toBe(1)
  await press('Escape')
  await expect.poll(() => pane('Pinned').count()).toBe(0)
  expect(await composer().inputValue()).toBe('@')

  const log = alice.page.getByRole('log')
  await log.evaluate((element) => (element.scrollTop = 0))
  await alice.page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  await press('Escape')
  await expect
    .poll(() => log.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight))
    .toBeLessThan(2)
  await alice.page.setViewportSize({ width: 1280, height: 720 })
})

test('[WEB-10] Ctrl+K, Ctrl+/ and a slash open what they say, and Escape closes only that', async () => {
  await composer().focus()
  await press('Control+k')
  await dialog('Go to a room').waitFor()
  await press('Escape')
  await expect.poll(() => dialog('Go to a room').count()).toBe(0)
  await expect.poll(() => isFocused(composer())).toBe(true)
  await press('Control+/')
  await dialog('Keyboard shortcuts').waitFor()
  expect(await dialog('Keyboard shortcuts').getByText('Mention somebody').count()).toBe(1)
  // No second dialog over the first.
  await press('Control+k')
  expect(await alice.page.getByRole('dialog').count()).toBe(1)
  await press('Escape')
  await expect.poll(() => alice.page.getByRole('dialog').count()).toBe(0)
  await press('/')
  expect(await composer().inputValue()).toBe('/')
  await alice.page.getByRole('log').focus()
  await press('/')
  await pane('Search').waitFor()
})

test('[WEB-10] Alt and arrows go through the rooms', async () => {
  const other = await alice.createRoom({ title: 'Another room' })
  await alice.open(other)
  await composer().focus()
  await press('Alt+ArrowDown')
  await alice.page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor()
  await press('Alt+ArrowUp')
  await alice.page.getByRole('heading', { level: 1, name: 'Another room' }).waitFor()
})

test('[WEB-10] no shortcut is taken from an input method', async () => {
  await write(alice.page, 'mine')
  await expect.poll(() => alice.page.getByText('Sending…').count()).toBe(0)
  await composer().focus()
  for (const key of ['ArrowUp', 'k', '/', 'Escape'])
    await composer().dispatchEvent('keydown', {
      key,
      ctrlKey: key === 'k' || key === '/',
      isComposing: true,
      bubbles: true,
    })
  expect(await editBox().count()).toBe(0)
  expect(await alice.page.getByRole('dialog').count()).toBe(0)
  // The same keys without one: the control.
  await composer().dispatchEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true })
  await dialog('Go to a room').waitFor()
})
