import { afterAll, beforeAll, expect, test } from 'vitest'
import { shownTexts, startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', { timezoneId: 'America/New_York' })
  bob = await harness.person('bob@muster.test')
})
afterAll(() => harness.stop())

const roomOfBoth = async (title: string) => {
  const room = await alice.createRoom({ title })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  return room
}

const say = (person: Person, room_id: string, content: string) =>
  person.call('POST', `/api/rooms/${room_id}/messages`, { content })

test('[WEB-1] sign in, create a room, and find it as a card', async () => {
  const context = await harness.browser.newContext({
    baseURL: harness.worker.served.url,
    locale: 'en-US',
  })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByLabel(/e-mail/i).fill('dora@muster.test')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'New room' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('Scrubber leaks')
  await dialog.getByText('Critical').click()
  await dialog.getByLabel('Lots').fill('A12-77')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Create room' }).click()
  await page.getByRole('heading', { level: 1, name: 'Scrubber leaks' }).waitFor()
  const card = page.getByRole('navigation').getByRole('link', { name: /Scrubber leaks/ })
  expect(await card.textContent()).toMatch(/Critical[^]*Active/)
  await context.close()
})

test('[WEB-3] two people talk: at once for the writer, once and in order for both', async () => {
  const room = await roomOfBoth('Talk')
  await Promise.all([alice.open(room), bob.open(room)])
  const expected: string[] = []
  for (let round = 1; round <= 5; round += 1) {
    await write(alice.page, `alice ${round}`)
    await bob.page.getByText(`alice ${round}`, { exact: true }).first().waitFor()
    await write(bob.page, `鮑伯 ${round}`)
    await alice.page.getByText(`鮑伯 ${round}`, { exact: true }).first().waitFor()
    expected.push(`alice ${round}`, `鮑伯 ${round}`)
  }
  await expect.poll(() => shownTexts(alice.page)).toEqual(expected)
  await expect.poll(() => shownTexts(bob.page)).toEqual(expected)
  expect(await alice.page.getByText('Sending…').count()).toBe(0)
})

test('[WEB-11] written while the server is down: kept, then sent once, in order', async () => {
  const room = await roomOfBoth('Outage')
  await Promise.all([alice.open(room), bob.open(room)])
  await write(alice.page, 'before')
  await bob.page.getByText('before', { exact: true }).first().waitFor()
  await harness.worker.served.kill()
  await alice.page.getByRole('button', { name: 'Retry now' }).waitFor()
  await write(alice.page, 'during 1')
  await write(alice.page, 'during 2')
  await harness.worker.restart()
  const expected = ['before', 'during 1', 'during 2']
  await expect.poll(() => shownTexts(bob.page), { timeout: 45_000 }).toEqual(expected)
  await expect.poll(() => shownTexts(alice.page), { timeout: 45_000 }).toEqual(expected)
  expect(alice.errors).toEqual([])
}, 120_000)

test('[WEB-3] history loads above without moving what is read', async () => {
  const room = await roomOfBoth('Long')
  for (let n = 1; n <= 80; n += 1) await say(alice, room.room_id, `line ${n}`)
  const held = Promise.withResolvers<void>()
  await alice.page.route('**/messages?limit=100*', (route) =>
    held.promise.then(() => route.continue()),
  )
  await alice.open(room)
  const log = alice.page.getByRole('log')
  const read = log.getByText('line 40', { exact: true }).first()
  await read.waitFor()
  await log.evaluate((element) => (element.scrollTop = 200))
  await alice.page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  const topOf = async () => (await read.boundingBox())?.y ?? Number.NaN
  const before = await topOf()
  held.resolve()
  await log.getByText('line 20', { exact: true }).first().waitFor({ state: 'attached' })
  expect(Math.abs((await topOf()) - before)).toBeLessThan(2)

  await say(bob, room.room_id, 'news')
  await alice.page.getByRole('button', { name: '1 new message' }).click()
  await expect
    .poll(() => alice.page.getByText('news', { exact: true }).first().isVisible())
    .toBe(true)
  await expect
    .poll(() => log.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight))
    .toBeLessThan(2)
}, 120_000)

test('[WEB-10] Enter belongs to the input method while it composes', async () => {
  const room = await roomOfBoth('Composition')
  await alice.open(room)
  const input = alice.page.getByRole('textbox', { name: /^Message / })
  await input.focus()
  const session = await alice.context.newCDPSession(alice.page)
  await session.send('Input.imeSetComposition', {
    text: 'ㄋㄧˇ',
    selectionStart: 3,
    selectionEnd: 3,
  })
  await input.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
  expect(await shownTexts(alice.page)).toEqual([])
  await session.send('Input.insertText', { text: '你' })
  expect(await input.inputValue()).toBe('你')
  // Longer than Safari's Enter may follow the end of a composition.
  await alice.page.waitForTimeout(100)
  await alice.page.keyboard.press('Enter')
  await expect.poll(() => shownTexts(alice.page)).toEqual(['你'])
})

test('[CONN-8] a viewer reads only, a removed member sees the room close', async () => {
  const room = await roomOfBoth('Roles')
  await bob.open(room)
  const member = `/api/rooms/${room.room_id}/members/${encodeURIComponent(bob.user_id)}`
  await alice.call('PATCH', member, { role: 'viewer' })
  await bob.page.getByText('You can read this room.').waitFor()
  expect(await bob.page.getByRole('textbox', { name: /^Message / }).count()).toBe(0)
  await alice.call('DELETE', member)
  await bob.page.getByText('This room is closed to you').waitFor()
})

test('[WEB-2] times are those of Taipei in any zone of the browser', async () => {
  const room = await roomOfBoth('Times')
  await say(alice, room.room_id, 'now')
  await alice.open(room)
  const time = alice.page.getByRole('log').locator('time').first()
  const at = new Date((await time.getAttribute('datetime')) ?? '')
  const taipei = new Date(at.getTime() + 8 * 3_600_000).toISOString()
  expect([
    taipei.slice(11, 16),
    `${taipei.slice(5, 10).replace('-', '/')} ${taipei.slice(11, 16)}`,
  ]).toContain(await time.textContent())
})

test('[WEB-3] drafts stay with their room over a reload', async () => {
  const room = await roomOfBoth('Drafts')
  await alice.open(room)
  const input = alice.page.getByRole('textbox', { name: /^Message / })
  await input.fill('half a thought')
  await alice.page.reload()
  await expect.poll(() => input.inputValue()).toBe('half a thought')
})
