import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { shownTexts, startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
/** With a phone. */
let bob: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  bob = await harness.person('bob@muster.test', {
    hasTouch: true,
    isMobile: true,
    viewport: { width: 360, height: 740 },
  })
  room = await alice.createRoom({ title: 'Hands full' })
  await setRole('editor', 'POST')
  await Promise.all([alice.open(room), bob.open(room)])
})
afterAll(() => harness.stop())

const setRole = (role: string, method: 'POST' | 'PATCH') => {
  const members = `/api/rooms/${room.room_id}/members`
  return method === 'POST'
    ? alice.call(method, members, { user_id: bob.user_id, role })
    : alice.call(method, `${members}/${encodeURIComponent(bob.user_id)}`, { role })
}

const bar = (page: Page): Locator => page.getByRole('toolbar', { name: 'Actions' })
const names = (page: Page): Promise<(string | null)[]> =>
  bar(page)
    .getByRole('button')
    .evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent.trim()),
    )
const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

test('[WEB-6] by thumb: one button opens everything, in words and in reach', async () => {
  const { page } = bob
  const opener = page.getByRole('button', { name: 'More actions of the room' })
  expect(await bar(page).count()).toBe(0)
  await opener.tap()
  await bar(page).waitFor()
  expect(await names(page)).toEqual([
    'File',
    'Camera',
    'Mention',
    'Readings',
    'Pinned',
    'Search',
    'Report',
    'Settings',
  ])
  const boxes = await bar(page)
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().toJSON()))
  for (const { width, height, left, right, bottom } of boxes as DOMRect[]) {
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
    expect([left >= 0, right <= 360, bottom <= 740]).toEqual([true, true, true])
  }
  expect(await fits(page)).toBe(true)
  await bar(page).getByRole('button', { name: 'Mention' }).tap()
  expect(await bar(page).count()).toBe(0)
  await page.getByRole('option', { name: /alice/i }).tap()
  const input = page.getByRole('textbox', { name: /^Message / })
  expect(await input.inputValue()).toMatch(/^@alice/i)
  expect(await input.evaluate((element) => element === document.activeElement)).toBe(true)
  await input.fill('')
})

test('[WEB-6] the camera is asked for, then files are asked for as files', async () => {
  const { page } = bob
  const choose = async (name: string) => {
    await page.getByRole('button', { name: 'More actions of the room' }).tap()
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      bar(page).getByRole('button', { name }).tap(),
    ])
    const element = chooser.element()
    return [await element.getAttribute('capture'), await element.getAttribute('accept')]
  }
  expect(await choose('Camera')).toEqual(['environment', 'image/*'])
  expect(await choose('File')).toEqual([null, ''])
})

test('[WEB-10] on a touch keyboard Enter is a new line, and the button sends', async () => {
  const { page } = bob
  const input = page.getByRole('textbox', { name: /^Message / })
  await input.tap()
  await page.keyboard.type('one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two')
  expect(await input.inputValue()).toBe('one\ntwo')
  expect(await input.getAttribute('enterkeyhint')).toBe('enter')
  await page.getByRole('button', { name: 'Send' }).tap()
  await expect.poll(() => shownTexts(page)).toEqual(['one\ntwo'])
  expect(await fits(page)).toBe(true)
})

test('[WEB-6] a toolbar is one stop of the Tab key, arrows move in it, its length is remembered', async () => {
  const { page } = alice
  expect(await names(page)).toEqual(['File', 'Mention', 'Readings', 'More actions of the room'])
  await bar(page).getByRole('button', { name: 'More actions' }).click()
  const long = [
    'File',
    'Mention',
    'Readings',
    'Pinned',
    'Search',
    'Report',
    'Settings',
    'Fewer actions',
  ]
  expect(await names(page)).toEqual(long)
  await page.reload()
  await bar(page).waitFor()
  expect(await names(page)).toEqual(long)

  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  await page.getByRole('textbox', { name: /^Message / }).focus()
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('File')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toBe('Readings')
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toBe('File')
  await page.keyboard.press('ArrowLeft')
  expect(await focused()).toBe('Fewer actions')
  await page.keyboard.press('Shift+Tab')
  expect(await focused()).toMatch(/^Message /)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Fewer actions')
})

test('[WEB-6] who may only read gets what can be read', async () => {
  const { page } = bob
  await setRole('viewer', 'PATCH')
  await page.getByText('You can read this room.').waitFor()
  expect(await names(page)).toEqual(['Pinned', 'Search', 'Report', 'Settings'])
  expect(await fits(page)).toBe(true)
  await bar(page).getByRole('button', { name: 'Settings' }).tap()
  await page.getByRole('dialog').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap()
  await setRole('editor', 'PATCH')
  await page.getByRole('textbox', { name: /^Message / }).waitFor()
  expect(bob.errors).toEqual([])
})

test('[MSG-4] readings by keyboard: checked at their fields, sent as data, remembered', async () => {
  const { page } = alice
  const dialog = page.getByRole('dialog', { name: 'Send readings' })
  await bar(page).getByRole('button', { name: 'Readings' }).click()
  await dialog.waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
  await page.keyboard.type('pressure.bar')
  await page.keyboard.press('Enter')
  await page.keyboard.type('4,x')
  await page.keyboard.press('Control+Enter')
  await dialog.getByText('A name has no full stop and no line break.').waitFor()
  await dialog.getByText('This is not a number.').waitFor()
  await dialog.getByLabel('Value').fill('４．１')
  const name = dialog.getByLabel('Name')
  await name.fill('pressure_bar')
  // An input method's Enter neither goes on nor sends.
  await name.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
  await name.dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing: true })
  expect(await dialog.count()).toBe(1)
  await dialog.getByLabel('Value').press('Enter')
  await expect.poll(() => dialog.getByLabel('Name').count()).toBe(2)
  await page.keyboard.type('door open')
  await dialog.getByLabel('Kind').nth(1).selectOption('Yes / no')
  await dialog.getByLabel('Value').nth(1).selectOption('No')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => dialog.count()).toBe(0)

  await expect
    .poll(async () => {
      const page_of = await alice.call<{ messages: Message[] }>(
        'GET',
        `/api/rooms/${room.room_id}/messages`,
      )
      return page_of.messages[0]?.content
    })
    .toEqual({ pressure_bar: 4.1, 'door open': false })
  await bob.page.getByRole('article').filter({ hasText: 'pressure_bar' }).waitFor()

  await bar(page).getByRole('button', { name: 'Readings' }).click()
  await expect
    .poll(() =>
      dialog
        .getByLabel('Name')
        .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)),
    )
    .toEqual(['pressure_bar', 'door open'])
  expect(await dialog.getByLabel('Kind').nth(1).inputValue()).toBe('yes_no')
  // The names are there; one goes on with the first value.
  await expect
    .poll(() =>
      dialog
        .getByLabel('Value')
        .first()
        .evaluate((one) => one === document.activeElement),
    )
    .toBe(true)
  await page.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
  await write(page, 'done')
  expect(alice.errors).toEqual([])
})
