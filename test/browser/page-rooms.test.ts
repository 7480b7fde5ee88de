import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', {
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
  })
  bob = await harness.person('bob@muster.test')
})
afterAll(() => harness.stop())

const list = (page: Page) => page.getByRole('navigation')
const cards = (page: Page) => list(page).getByRole('link')
const cardOf = (page: Page, title: string): Locator => cards(page).filter({ hasText: title })
const filterField = (page: Page) => list(page).getByRole('searchbox', { name: 'Filter rooms' })
const titles = (page: Page) => list(page).locator('h3').allInnerTexts()

const weight = (part: Locator) => part.evaluate((e) => Number(getComputedStyle(e).fontWeight))

const say = (person: Person, room: Room, content: string) =>
  person.call('POST', `/api/rooms/${room.room_id}/messages`, { content })

/** A person of this test alone, whose list has nothing of the others. */
const someone = async (user_id: string) => {
  const person = await harness.person(user_id, { reducedMotion: 'reduce' })
  const roomWith = async (title: string, overrides: Parameters<Person['createRoom']>[0] = {}) => {
    const room = await person.createRoom({ title, ...overrides })
    await person.call('POST', `/api/rooms/${room.room_id}/members`, {
      user_id: bob.user_id,
      role: 'editor',
    })
    return room
  }
  return { ...person, roomWith }
}

test('[WEB-1] [WEB-2] a card tells all one needs, in the time of Taipei', async () => {
  const cara = await someone('cara@muster.test')
  const room = await cara.roomWith('Etcher 4', {
    severity: 'critical',
    location: 'Fab 12',
    lots: ['A1', 'A2', 'A3'],
  })
  await say(bob, room, `@${cara.user_id} it stopped`)
  const { page } = cara
  await page.goto('/')
  const card = cardOf(page, 'Etcher 4')
  await expect
    .poll(() => card.textContent())
    .toMatch(/Critical[^]*Active[^]*Fab 12 · A1 \+2[^]*bob@muster\.test[^]*it stopped/)
  // A mention is a red number of its own, unread ones make the name bold.
  expect(await card.textContent()).toMatch(/@1\s*1 mention of you[^]*1\s*1 unread/)
  expect(await weight(card.locator('h3'))).toBeGreaterThan(700)
  const at = Date.parse((await card.locator('time').getAttribute('datetime')) ?? '')
  const taipei = new Date(at + 8 * 3_600_000).toISOString()
  expect(await card.locator('time').innerText()).toBe(taipei.slice(11, 16))
  await cara.context.close()
})

test('[WEB-2] at midnight in Taipei the time of a card turns into a date', async () => {
  const dan = await someone('dan@muster.test')
  const room = await dan.roomWith('Night')
  const { page } = dan
  const opened = Date.parse(room.created_at)
  const to_midnight = 86_400_000 - ((opened + 8 * 3_600_000) % 86_400_000)
  await page.clock.setSystemTime(opened)
  await page.goto('/')
  const time = cardOf(page, 'Night').locator('time')
  await expect.poll(() => time.innerText()).toMatch(/^\d\d:\d\d$/)
  await page.clock.setSystemTime(opened + to_midnight + 1)
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect.poll(() => time.innerText()).toMatch(/^\d\d\/\d\d \d\d:\d\d$/)
  await dan.context.close()
})

test('[WEB-1] the newest comes first, but nothing moves under the mouse', async () => {
  const eva = await someone('eva@muster.test')
  const first = await eva.roomWith('First')
  await eva.roomWith('Second')
  const { page } = eva
  await page.goto('/')
  await expect.poll(() => titles(page)).toEqual(['Second', 'First'])
  await cardOf(page, 'Second').hover()
  await say(bob, first, 'news')
  await cardOf(page, 'First').getByText('news').waitFor()
  expect(await titles(page)).toEqual(['Second', 'First'])
  await filterField(page).hover()
  await expect.poll(() => titles(page)).toEqual(['First', 'Second'])
  await eva.context.close()
})

test('[WEB-1] [WEB-10] the keyboard walks from the filter through the cards and opens one', async () => {
  const fay = await someone('fay@muster.test')
  for (const title of ['One', 'Two', 'Three']) await fay.roomWith(title)
  const { page } = fay
  await page.goto('/')
  await expect.poll(() => titles(page)).toEqual(['Three', 'Two', 'One'])
  const focused = () =>
    page.evaluate(() => document.activeElement?.querySelector('h3')?.textContent)
  await filterField(page).press('ArrowDown')
  expect(await focused()).toBe('Three')
  await page.keyboard.press('ArrowDown')
  expect(await focused()).toBe('Two')
  await page.keyboard.press('End')
  expect(await focused()).toBe('One')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Two' }).waitFor()
  await fay.context.close()
})

test('[WEB-1] words and severities narrow the list; severities are remembered', async () => {
  const gus = await someone('gus@muster.test')
  await gus.roomWith('Chiller', { severity: 'critical', lots: ['C03-01'] })
  await gus.roomWith('Label printer', { severity: 'low', location: '包裝線' })
  const { page } = gus
  await page.goto('/')
  await cards(page).nth(1).waitFor()
  await filterField(page).fill('c03')
  await expect.poll(() => titles(page)).toEqual(['Chiller'])
  await filterField(page).fill('nowhere')
  await page.getByText('No room matches').waitFor()
  await page.getByRole('button', { name: 'Show all rooms' }).click()
  await expect.poll(() => cards(page).count()).toBe(2)
  const chip = page.getByRole('button', { name: 'Low' })
  await chip.click()
  await expect.poll(() => titles(page)).toEqual(['Label printer'])
  await page.reload()
  await page.getByText('1 room is filtered out').waitFor()
  expect(await chip.getAttribute('aria-pressed')).toBe('true')
  await page.getByRole('button', { name: 'Show all rooms' }).click()
  await expect.poll(() => cards(page).count()).toBe(2)
  await gus.context.close()
})

test('[WEB-10] the filter waits until a word is composed', async () => {
  const hal = await someone('hal@muster.test')
  await hal.roomWith('冰水主機')
  const { page } = hal
  await page.goto('/')
  await cards(page).first().waitFor()
  await filterField(page).focus()
  const session = await hal.context.newCDPSession(page)
  await session.send('Input.imeSetComposition', {
    text: 'ㄅㄧㄥ',
    selectionStart: 3,
    selectionEnd: 3,
  })
  expect(await filterField(page).inputValue()).toBe('ㄅㄧㄥ')
  expect(await titles(page)).toEqual(['冰水主機'])
  await session.send('Input.insertText', { text: '水' })
  await expect.poll(() => filterField(page).inputValue()).toBe('水')
  expect(await titles(page)).toEqual(['冰水主機'])
  await filterField(page).fill('光')
  await page.getByText('No room matches').waitFor()
  await hal.context.close()
})

test('[WEB-1] what is over folds away, and stays as one left it', async () => {
  const ida = await someone('ida@muster.test')
  await ida.roomWith('Going on')
  const over = await ida.roomWith('Over')
  await ida.call('PATCH', `/api/rooms/${over.room_id}`, { status: 'resolved' })
  const { page } = ida
  await page.goto('/')
  await cardOf(page, 'Going on').waitFor()
  expect(await titles(page)).toEqual(['Going on'])
  // Who searches finds it all the same.
  await filterField(page).fill('over')
  await expect.poll(() => titles(page)).toEqual(['Over'])
  await filterField(page).fill('')
  await list(page)
    .getByRole('button', { name: /Resolved/ })
    .click()
  await expect.poll(() => titles(page)).toEqual(['Going on', 'Over'])
  await page.reload()
  await cardOf(page, 'Over').waitFor()
  await ida.context.close()
})

test('[WEB-1] a room is opened with lots that are typed, pasted and taken back', async () => {
  const { page } = alice
  await page.goto('/')
  await page.getByRole('button', { name: 'New room' }).click()
  const dialog = page.getByRole('dialog', { name: 'New room' })
  await expect
    .poll(() => dialog.getByLabel('Title').evaluate((e) => e === document.activeElement))
    .toBe(true)
  await dialog.getByLabel('Title').fill('Scrubber')
  await dialog.getByText('Critical').click()
  const lots = dialog.getByLabel('Lots')
  const shown = () => dialog.locator('.lot').allInnerTexts()
  await lots.pressSequentially('A1,A2，A3、')
  await expect.poll(shown).toEqual(['A1', 'A2', 'A3'])
  await lots.press('Backspace')
  await expect.poll(shown).toEqual(['A1', 'A2'])
  await alice.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(() => navigator.clipboard.writeText('B1\nB2\tB3; lot 7,A1'))
  await lots.press('ControlOrMeta+v')
  await expect.poll(shown).toEqual(['A1', 'A2', 'B1', 'B2', 'B3', 'lot 7'])
  await dialog.getByRole('button', { name: 'Remove lot B2' }).click()

  // Enter that picks a candidate is the input method's.
  const session = await alice.context.newCDPSession(page)
  await lots.focus()
  await session.send('Input.imeSetComposition', { text: '批', selectionStart: 1, selectionEnd: 1 })
  await lots.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
  expect(await shown()).toHaveLength(5)
  await session.send('Input.insertText', { text: '批號' })
  await dialog.getByRole('button', { name: 'Create room' }).click()
  await page.getByRole('heading', { level: 1, name: 'Scrubber' }).waitFor()
  const { rooms } = await alice.call<{ rooms: Room[] }>('GET', '/api/rooms')
  expect(rooms.find((room) => room.title === 'Scrubber')).toMatchObject({
    severity: 'critical',
    lots: ['A1', 'A2', 'B1', 'B3', 'lot 7', '批號'],
  })
})

test('[WEB-1] a refused field is named at the field, and what was typed stays', async () => {
  const { page } = alice
  await page.goto('/')
  await page.getByRole('button', { name: 'New room' }).click()
  const dialog = page.getByRole('dialog', { name: 'New room' })
  // The server takes no half characters; a browser does.
  await dialog.getByLabel('Title').fill('Fine')
  await dialog.getByLabel('Location').evaluate((input: HTMLInputElement) => {
    input.value = '\uD83D'
    input.dispatchEvent(new InputEvent('input', { bubbles: true }))
  })
  await dialog.getByRole('button', { name: 'Create room' }).click()
  await dialog.getByRole('alert').waitFor()
  const location = dialog.getByLabel('Location')
  expect(await location.getAttribute('aria-invalid')).toBe('true')
  const described = (await location.getAttribute('aria-describedby')) ?? ''
  expect(await page.locator(`[id="${described}"]`).innerText()).not.toBe('')
  expect(await dialog.getByLabel('Title').inputValue()).toBe('Fine')
  await page.keyboard.press('Escape')
  const opener = page.getByRole('button', { name: 'New room' })
  await expect.poll(() => opener.evaluate((e) => e === document.activeElement)).toBe(true)
})

test('[WEB-1] nobody has a room: what to do; no list comes: why, and again', async () => {
  const jon = await harness.person('jon@muster.test')
  const { page } = jon
  await page.route('**/api/rooms', (route) => route.abort())
  await page.goto('/')
  await page.getByRole('alert').getByText('The rooms could not be loaded.').waitFor()
  await page.unroute('**/api/rooms')
  await page.getByRole('button', { name: 'Retry' }).click()
  await page.getByText('No rooms yet').waitFor()
  await page.getByRole('button', { name: 'Create room' }).click()
  await page.getByRole('dialog', { name: 'New room' }).waitFor()
  expect(jon.errors).toEqual([])
  await jon.context.close()
})

test('[WEB-1] a draft leaves a pencil on its card', async () => {
  const kim = await someone('kim@muster.test')
  const room = await kim.roomWith('Drafted')
  await kim.open(room)
  await kim.page.getByRole('textbox', { name: /^Message / }).fill('half a thought')
  await kim.page.goto('/')
  await cardOf(kim.page, 'Drafted').getByText('half a thought').waitFor()
  expect(await cardOf(kim.page, 'Drafted').textContent()).toContain('Draft')
  expect(kim.errors).toEqual([])
  await kim.context.close()
})
