import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHarness, type Harness } from './page-harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())

const openSwitcher = async (page: Page) => {
  await page.getByRole('navigation', { name: 'Rooms' }).waitFor()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Go to a room' })
  await field.waitFor()
  return field
}

const options = (page: Page) => page.getByRole('listbox').getByRole('option')
const marked = (page: Page) => page.getByRole('option', { selected: true })

test('[WEB-1] the switcher goes to a room by a few letters, by keyboard alone', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const pump = await alice.createRoom({ title: 'Pump 7 leaks', location: 'Bay 4' })
  const etch = await alice.createRoom({ title: 'Etch chamber hot', lots: ['A12-77'] })
  await alice.open(pump)
  const field = await openSwitcher(page)
  expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
  await field.fill('a12')
  expect(await marked(page).textContent()).toContain('Etch chamber hot')
  expect(await field.getAttribute('aria-activedescendant')).toBe(
    await marked(page).getAttribute('id'),
  )
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/rooms/${etch.room_id}`)
  await field.waitFor({ state: 'detached' })
  // Arrows go around the ends, and Escape leaves everything as it was.
  await page.getByText('Live', { exact: true }).waitFor()
  await openSwitcher(page)
  await page.keyboard.press('ArrowUp')
  expect(await marked(page).textContent()).toContain(
    (await options(page).last().textContent()) ?? 'nothing',
  )
  await page.keyboard.press('ArrowDown')
  expect(await marked(page).textContent()).toBe(await options(page).first().textContent())
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  expect(page.url()).toContain(etch.room_id)
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-10] Enter that picks a Chinese candidate goes nowhere; the next one does', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page, context } = alice
  const room = await alice.createRoom({ title: '晶圓搬運機停機' })
  await page.goto('/')
  const field = await openSwitcher(page)
  const keyboard = await context.newCDPSession(page)
  await keyboard.send('Input.imeSetComposition', { text: '搬', selectionStart: 1, selectionEnd: 1 })
  await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229 })
  await field.dispatchEvent('keydown', { key: 'ArrowDown', isComposing: true, keyCode: 229 })
  await keyboard.send('Input.insertText', { text: '搬運' })
  expect(await field.inputValue()).toBe('搬運')
  expect(await marked(page).textContent()).toContain('晶圓搬運機停機')
  await page.getByRole('option').first().click()
  await page.waitForURL(`**/rooms/${room.room_id}`)
  expect(alice.errors).toEqual([])
  await context.close()
})

test('[WEB-1] another tab with Ctrl+Enter; commands search, and open a new room', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page, context } = alice
  const room = await alice.createRoom({ title: 'Scrubber alarm' })
  await page.goto('/')
  await openSwitcher(page)
  await page.keyboard.type('scrubber')
  const opening = context.waitForEvent('page')
  await page.keyboard.press('Control+Enter')
  const opened = await opening
  await opened.waitForURL(`**/rooms/${room.room_id}`)
  await opened.close()
  expect(new URL(page.url()).pathname).toBe('/')
  await openSwitcher(page)
  await page.keyboard.type('new ro')
  await page.getByRole('option', { name: 'New room' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).waitFor()
  await page.keyboard.press('Escape')
  await openSwitcher(page)
  await page.keyboard.type('manometer')
  await page.getByText('No room matches.').last().waitFor()
  expect(await marked(page).textContent()).toContain('Search all rooms for “manometer”')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/search?q=manometer')
  expect(await page.getByRole('searchbox', { name: 'Words in all your rooms' }).inputValue()).toBe(
    'manometer',
  )
  expect(alice.errors).toEqual([])
  await context.close()
})
