import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())

const say = ({ call }: Person, { room_id }: Room, body: Record<string, unknown>) =>
  call<Message>('POST', `/api/rooms/${room_id}/messages`, body)

const field = (page: Page) => page.getByRole('searchbox', { name: /^Words in/ })
const results = (page: Page) => page.getByRole('list', { name: 'Results' })
/** Where the header has no room for all its buttons, some are in a menu. */
const openPane = async (page: Page) => {
  const header = page.locator('section header')
  const button = header.getByRole('button', { name: 'Search', exact: true })
  if (await button.isVisible()) return button.click()
  await header.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Search', exact: true }).click()
}

test('[WEB-8] words in the room are found with marks, and one goes to the message', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  const hit = await say(alice, room, {
    content: `${'before '.repeat(80)}the pump leaks, pump two as well`,
  })
  await say(alice, room, { content: 'nothing of the kind' })
  await alice.open(room)
  await openPane(page)
  await field(page).fill('pump')
  const link = results(page).getByRole('link')
  await link.waitFor()
  expect(await link.count()).toBe(1)
  expect(await link.locator('mark').allTextContents()).toEqual(['pump', 'pump'])
  expect(await link.textContent()).toContain('…before')
  await page.getByText('1 message found').waitFor()
  await link.click()
  await page.waitForURL(`**/rooms/${room.room_id}/messages/${hit.message_id}`)
  // On a wide screen the results stay beside the messages, and so do the words for the next visit.
  expect(await field(page).inputValue()).toBe('pump')
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  await openPane(page)
  expect(await field(page).inputValue()).toBe('pump')
  await link.waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-8] on a phone the results make way for the message, and are there again', async () => {
  const alice = await harness.person('alice@muster.test', {
    viewport: { width: 360, height: 640 },
    hasTouch: true,
  })
  const { page } = alice
  const room = await alice.createRoom()
  for (let n = 1; n <= 12; n += 1) await say(alice, room, { content: `flange ${n} is dry` })
  await alice.open(room)
  await openPane(page)
  await field(page).fill('flange')
  const hit = results(page).getByRole('link').filter({ hasText: 'flange 1 is dry' })
  await hit.scrollIntoViewIfNeeded()
  await hit.click()
  await field(page).waitFor({ state: 'detached' })
  await page.getByRole('article').filter({ hasText: 'flange 1 is dry' }).waitFor()
  await openPane(page)
  await expect.poll(async () => ((await hit.boundingBox())?.y ?? 9_999) < 640).toBe(true)
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-8] the keyboard moves between words and results, and Escape goes back step by step', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  for (const n of [1, 2, 3]) await say(alice, room, { content: `valve ${n}` })
  await alice.open(room)
  await openPane(page)
  await field(page).pressSequentially('valve')
  await results(page).getByRole('link').nth(2).waitFor()
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent?.match(/valve \d/)?.[0])
  await page.keyboard.press('ArrowDown')
  expect(await focused()).toBe('valve 3')
  await page.keyboard.press('ArrowDown')
  expect(await focused()).toBe('valve 2')
  await page.keyboard.press('End')
  expect(await focused()).toBe('valve 1')
  await page.keyboard.press('Escape')
  expect(await field(page).evaluate((input) => input === document.activeElement)).toBe(true)
  await page.keyboard.press('Escape')
  expect(await field(page).inputValue()).toBe('')
  await page.getByText('Words are found by their beginning', { exact: false }).waitFor()
  await page.keyboard.press('Escape')
  await field(page).waitFor({ state: 'detached' })
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-10] half-composed words are not looked for', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page, context } = alice
  const room = await alice.createRoom()
  await say(alice, room, { content: '泵浦漏水' })
  await alice.open(room)
  await openPane(page)
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    if (pathname.endsWith('/search')) asked.push(searchParams.get('q') ?? '')
  })
  const keyboard = await context.newCDPSession(page)
  await field(page).focus()
  for (const text of ['ㄅ', 'ㄅㄥ', '泵'])
    await keyboard.send('Input.imeSetComposition', { text, selectionStart: 1, selectionEnd: 1 })
  await keyboard.send('Input.insertText', { text: '泵浦' })
  await results(page).getByText('泵浦').first().waitFor()
  expect(asked).toEqual(['泵浦'])
  expect(alice.errors).toEqual([])
  await context.close()
})

test('[WEB-8] filters narrow the results, and nothing found says what to try', async () => {
  const alice = await harness.person('alice@muster.test')
  const bob = await harness.person('bob@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  await say(alice, room, { content: 'bearing hot, says Alice' })
  await say(bob, room, { content: 'bearing hot, says Bob' })
  await alice.open(room)
  await openPane(page)
  await field(page).fill('bearing')
  await results(page).getByRole('link').nth(1).waitFor()
  await page.getByText('Filters', { exact: true }).click()
  await page.getByRole('combobox', { name: 'From' }).selectOption(bob.user_id)
  await page.getByText('1 message found').waitFor()
  await results(page).getByText('says Bob').waitFor()
  await page.getByText('Filters (1)').waitFor()
  await page.getByRole('textbox', { name: 'Last day' }).fill('2020-01-01')
  await page.getByText('Nothing matches with these filters', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).last().click()
  await page.getByText('2 messages found').waitFor()
  expect(alice.errors).toEqual([])
  await Promise.all([alice.context.close(), bob.context.close()])
})

test('[WEB-8] a search that fails says so and is tried again; a later answer is never replaced', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  await say(alice, room, { content: 'gasket torn' })
  await alice.open(room)
  await openPane(page)
  await page.route('**/messages/search?*', (route) => route.abort(), { times: 1 })
  await field(page).fill('gasket')
  const alert = page.getByRole('alert').filter({ hasText: 'The search did not work.' })
  await alert.waitFor()
  await alert.getByRole('button', { name: 'Retry' }).click()
  await results(page).getByText('torn').waitFor()
  // The answer for "torn" is held back until that for "gasket" is there.
  const held = Promise.withResolvers<undefined>()
  await page.route('**/messages/search?q=torn*', async (route) => {
    await held.promise
    await route.fulfill({ status: 503, body: '' })
  })
  const is_asked = page.waitForRequest('**/messages/search?q=torn*')
  await field(page).fill('torn')
  await is_asked
  await field(page).fill('gask')
  await page.getByText('1 message found').waitFor()
  const is_answered = page.waitForResponse('**/messages/search?q=torn*')
  held.resolve(undefined)
  await is_answered
  await results(page).getByText('torn').waitFor()
  expect(await alert.count()).toBe(0)
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[MSG-4] readings are found by a value', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  for (const temperature of [70, 85])
    await say(alice, room, { message_type: 'incident_data', content: { temperature } })
  await alice.open(room)
  await openPane(page)
  await page.getByText('Readings', { exact: true }).click()
  await page.getByRole('combobox', { name: 'Field' }).fill('temperature')
  await page.getByRole('textbox', { name: 'Value' }).fill('80')
  await page.keyboard.press('Enter')
  await results(page).getByText('temperature: 85').waitFor()
  expect(await results(page).getByRole('link').count()).toBe(1)
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-8] all rooms are searched; Back returns to the results where they stood', async () => {
  const alice = await harness.person('alice@muster.test', {
    viewport: { width: 1280, height: 500 },
  })
  const { page } = alice
  const rooms = [
    await alice.createRoom({ title: 'Etch 4' }),
    await alice.createRoom({ title: 'Etch 5' }),
  ]
  for (const room of rooms)
    for (let n = 1; n <= 30; n += 1) await say(alice, room, { content: `manometer reads ${n}` })
  await page.goto('/search')
  await field(page).fill('manometer')
  await page.getByText('The first 50 messages; there are more').waitFor()
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText('60 messages found').waitFor()
  const first = results(page).getByRole('link').first()
  expect(await first.textContent()).toContain('Etch 5')
  const last = results(page).getByRole('link').last()
  expect(await last.textContent()).toContain('Etch 4')
  await last.scrollIntoViewIfNeeded()
  await last.click()
  await page.waitForURL('**/rooms/*/messages/*')
  await page.goBack()
  await last.waitFor()
  expect(new URL(page.url()).search).toBe('?q=manometer')
  const box = await last.boundingBox()
  expect(box && box.y < 500 && box.y > 0).toBe(true)
  // A reload starts from the address alone.
  await page.reload()
  await page.getByText('The first 50 messages; there are more').waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[API-3] what mentions me is listed, unread first, and leads there', async () => {
  const alice = await harness.person('alice@muster.test')
  const bob = await harness.person('bob@muster.test')
  const { page } = alice
  const room = await alice.createRoom({ title: 'Mentioned here' })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  const told = await say(bob, room, { content: `@${alice.user_id} please look at valve 9` })
  await page.goto('/search')
  await page.getByRole('link', { name: 'Mentions' }).click()
  const mention = page
    .getByRole('list', { name: 'Mentions of you' })
    .getByRole('link')
    .filter({ hasText: 'valve 9' })
  await mention.getByText('Unread').waitFor()
  expect(await mention.textContent()).toContain('Mentioned here')
  await mention.click()
  await page.waitForURL(`**/rooms/${room.room_id}/messages/${told.message_id}`)
  expect(alice.errors).toEqual([])
  await Promise.all([alice.context.close(), bob.context.close()])
})
