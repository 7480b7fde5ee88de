import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Member } from '../../src/protocol/member.ts'
import type { Room } from '../../src/protocol/room.ts'
import { holdSocket } from './held-socket.ts'
import { shownTexts, startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  bob = await harness.person('bob@muster.test')
})
afterAll(() => harness.stop())

beforeEach(async () => {
  room = await alice.createRoom({ title: 'Changes' })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  await Promise.all([alice.open(room), bob.open(room)])
})

afterEach(() => bob.context.setOffline(false))

const say = (person: Person, body: Record<string, unknown>) =>
  person.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, body)

const rowOf = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text })

/** By the menu of the message with this text. */
const choose = async (page: Page, text: string, action: string): Promise<void> => {
  const row = rowOf(page, text)
  await row.hover()
  await row.getByRole('button', { name: 'More actions' }).click()
  const menu = page.getByRole('group', { name: 'More actions' })
  await menu.getByRole('button', { name: action, exact: true }).click()
}

test('[MSG-7] an edit is made in place, marked, and seen by everybody', async () => {
  await write(alice.page, 'the pmup is dry')
  await rowOf(bob.page, 'the pmup is dry').waitFor()
  await choose(alice.page, 'the pmup is dry', 'Edit')
  const box = alice.page.getByRole('textbox', { name: 'Edit message' })
  expect(await box.inputValue()).toBe('the pmup is dry')
  await box.fill('the pump is dry')
  // The Enter that picks a candidate of an input method saves nothing.
  await box.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
  expect(await box.count()).toBe(1)
  await box.press('Enter')
  for (const { page } of [alice, bob])
    await expect.poll(() => shownTexts(page)).toEqual(['the pump is dry (edited)'])
  const note = rowOf(bob.page, 'the pump is dry').getByText('(edited)')
  expect(await note.getAttribute('title')).toMatch(/^Edited .*GMT\+8$/)
})

test('[MSG-7] new words show at once; refused, they are back in the box', async () => {
  const { message_id } = await say(alice, { content: 'old words' })
  const carol = await harness.person('alice@muster.test')
  const wire = await holdSocket(carol.page)
  await carol.open(room)
  const row = carol.page.locator(`#message-${message_id}`)
  const box = carol.page.getByRole('textbox', { name: 'Edit message' })
  await choose(carol.page, 'old words', 'Edit')
  await box.fill('new words')
  wire.hold()
  await box.press('Enter')
  await row.getByText('Saving…').waitFor()
  expect(await shownTexts(carol.page)).toEqual(['new words (edited)'])
  expect(await box.isVisible()).toBe(false)
  wire.refuse('too_late')
  await carol.page.getByRole('alert').filter({ hasText: 'It is too late' }).waitFor()
  expect(await box.inputValue()).toBe('new words')
  await box.press('Escape')
  expect(await shownTexts(carol.page)).toEqual(['old words'])
  await carol.page.getByRole('alert').getByRole('button', { name: 'Close' }).click()

  await choose(carol.page, 'old words', 'Delete')
  await carol.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect.poll(() => shownTexts(carol.page)).toEqual(['Message deleted'])
  expect(await shownTexts(bob.page)).toEqual(['old words'])
  wire.release()
  await expect.poll(() => shownTexts(bob.page)).toEqual(['Message deleted'])
  expect(carol.errors).toEqual([])
  await carol.context.close()
})

test('[MSG-7] Escape leaves the words as they were', async () => {
  await write(alice.page, 'stays')
  await choose(alice.page, 'stays', 'Edit')
  const box = alice.page.getByRole('textbox', { name: 'Edit message' })
  await box.fill('never sent')
  await box.press('Escape')
  expect(await shownTexts(alice.page)).toEqual(['stays'])
  expect(await box.count()).toBe(0)
})

test('[MSG-8] a deleted message leaves its place, after a question, for everybody and for good', async () => {
  await write(alice.page, 'first')
  await write(alice.page, 'a secret')
  await rowOf(bob.page, 'a secret').waitFor()
  await choose(alice.page, 'a secret', 'Delete')
  const dialog = alice.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(await rowOf(alice.page, 'a secret').count()).toBe(1)
  await choose(alice.page, 'a secret', 'Delete')
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  for (const { page } of [alice, bob])
    await expect.poll(() => shownTexts(page)).toEqual(['first', 'Message deleted'])
  await bob.page.reload()
  await expect.poll(() => shownTexts(bob.page)).toEqual(['first', 'Message deleted'])
  expect(await bob.page.content()).not.toContain('a secret')
})

test('[MSG-8] an owner may delete what others said, an editor may not', async () => {
  await write(bob.page, 'by bob')
  await write(alice.page, 'by alice')
  await rowOf(bob.page, 'by alice').waitFor()
  const row = rowOf(bob.page, 'by alice')
  await row.hover()
  await row.getByRole('button', { name: 'More actions' }).click()
  expect(await bob.page.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0)
  await choose(alice.page, 'by bob', 'Delete')
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await expect.poll(() => shownTexts(bob.page)).toEqual(['Message deleted', 'by alice'])
})

const pill = (person: Person): Locator =>
  rowOf(person.page, 'fixed').getByRole('button', { name: /^🎉/ })

test('[MSG-9] reactions are counted, own ones marked, and taken back by keyboard', async () => {
  await write(alice.page, 'fixed')
  await choose(alice.page, 'fixed', 'React with 🎉')
  await pill(bob).waitFor()
  expect(await pill(bob).getAttribute('aria-pressed')).toBe('false')
  await pill(bob).click()
  await expect.poll(() => pill(alice).textContent()).toMatch(/🎉\s*2/)
  expect(await pill(bob).getAttribute('aria-pressed')).toBe('true')
  await pill(bob).focus()
  await bob.page.keyboard.press('Space')
  await expect.poll(() => pill(alice).textContent()).toMatch(/🎉\s*1/)
  await pill(alice).click()
  await expect.poll(() => pill(bob).count()).toBe(0)
})

test('[WEB-3] a reply shows what it answers, and leads there', async () => {
  await write(alice.page, 'which pump?')
  await rowOf(bob.page, 'which pump?').waitFor()
  await choose(bob.page, 'which pump?', 'Reply')
  await bob.page.getByText('Replying to').waitFor()
  await write(bob.page, 'number two')
  const quote = rowOf(alice.page, 'number two').getByRole('button', { name: /which pump/ })
  await quote.click()
  expect(await alice.page.evaluate(() => document.activeElement?.textContent)).toContain(
    'which pump?',
  )
  expect(await bob.page.getByText('Replying to').count()).toBe(0)
})

test('[WEB-4] mentions are marked, those of oneself more strongly', async () => {
  const { members } = await alice.call<{ members: Member[] }>(
    'GET',
    `/api/rooms/${room.room_id}/members`,
  )
  const name = members.find(({ user_id }) => user_id === alice.user_id)?.display_name ?? ''
  await write(bob.page, `@${name} please look, @nobody else`)
  for (const [person, is_own] of [
    [alice, true],
    [bob, false],
  ] as const) {
    const marks = rowOf(person.page, 'please look').locator('mark')
    await expect.poll(() => marks.allTextContents()).toEqual([`@${name}`])
    const row = rowOf(person.page, 'please look')
    expect(await row.evaluate((element) => element.classList.contains('mentioned'))).toBe(is_own)
  }
})

test('[MSG-4] readings are a card of names and values', async () => {
  const content = { temperature: 81.5, line: 3 }
  await say(alice, { message_type: 'incident_data', content })
  const terms = bob.page.getByRole('article').locator('dl')
  await expect.poll(() => terms.locator('dt').allTextContents()).toEqual(['line', 'temperature'])
  expect(await terms.locator('dd').allTextContents()).toEqual(['3', '81.5'])
})

test('[CONN-5] what happened while one was away is there after the return', async () => {
  await write(alice.page, 'one')
  await write(alice.page, 'two')
  await write(alice.page, 'three')
  await rowOf(bob.page, 'three').waitFor()
  await bob.context.setOffline(true)
  await bob.page.getByText('You are offline').first().waitFor()
  await choose(alice.page, 'one', 'Edit')
  const box = alice.page.getByRole('textbox', { name: 'Edit message' })
  await box.fill('one, corrected')
  await box.press('Enter')
  await choose(alice.page, 'two', 'Delete')
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await choose(alice.page, 'three', 'React with ✅')
  await choose(alice.page, 'three', 'Pin')
  await rowOf(alice.page, 'three').getByText('Pinned').waitFor()
  await bob.context.setOffline(false)
  await expect
    .poll(() => shownTexts(bob.page), { timeout: 30_000 })
    .toEqual(['one, corrected (edited)', 'Message deleted', 'three'])
  await rowOf(bob.page, 'three').getByRole('button', { name: /^✅/ }).waitFor()
  await rowOf(bob.page, 'three').getByText('Pinned').waitFor()
})

test('[WEB-3] what could not be done is said', async () => {
  await write(bob.page, 'hello')
  await rowOf(bob.page, 'hello').waitFor()
  const actions = rowOf(bob.page, 'hello').getByRole('button', { name: 'More actions' })
  await actions.waitFor({ state: 'attached' })
  await bob.context.setOffline(true)
  await bob.page.getByText('You are offline').first().waitFor()
  await choose(bob.page, 'hello', 'React with 👍')
  await bob.page.getByRole('alert').filter({ hasText: 'That was not done.' }).waitFor()
  await bob.page.getByRole('button', { name: 'Close' }).click()
  expect(await bob.page.getByText('That was not done.').count()).toBe(0)
})

test('[SEC-2] a viewer may copy and nothing else', async () => {
  await write(alice.page, 'read this')
  const member = `/api/rooms/${room.room_id}/members/${encodeURIComponent(bob.user_id)}`
  await alice.call('PATCH', member, { role: 'viewer' })
  await bob.page.getByText('You can read this room.').waitFor()
  const row = rowOf(bob.page, 'read this')
  await row.hover()
  await row.getByRole('button', { name: 'More actions' }).click()
  const menu = bob.page.getByRole('group', { name: 'More actions' })
  expect(await menu.getByRole('button').allInnerTexts()).toEqual(['Copy text', 'Copy link'])
})
