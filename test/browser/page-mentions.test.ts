import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { shownTexts, startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room

/** Two of one name, one in Chinese, one more. */
const people = [
  ['ann.lee@muster.test', 'Ann Lee'],
  ['ann.wu@muster.test', 'Ann Lee'],
  ['mei@muster.test', '林美玲'],
  ['bob@muster.test', 'Bob Stone'],
] as const

beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  for (const [user_id, display_name] of people)
    await alice.context.request.post('/api/auth/dev-login', {
      data: { user_id, display_name },
      headers: { origin: new URL(harness.worker.served.url).origin },
    })
  // The last one to sign in is who the cookie speaks for.
  await alice.call('POST', '/api/auth/dev-login', { user_id: alice.user_id })
})
afterAll(() => harness.stop())

beforeEach(async () => {
  room = await alice.createRoom({ title: 'Mentions' })
  await Promise.all(
    people.map(([user_id]) =>
      alice.call('POST', `/api/rooms/${room.room_id}/members`, { user_id, role: 'editor' }),
    ),
  )
  await alice.open(room)
  await composer().focus()
})

const composer = (): Locator => alice.page.getByRole('textbox', { name: /^Message / })
const list = (page: Page = alice.page): Locator =>
  page.getByRole('listbox', { name: 'People to mention' })
const options = (): Locator => list().getByRole('option')
const marked = (): Locator => list().getByRole('option', { selected: true })

const type = (text: string) => alice.page.keyboard.type(text)
const press = (key: string) => alice.page.keyboard.press(key)

/** The newest message as the server has it, once there are so many. */
const newest = async (count: number): Promise<Message> => {
  let messages: Message[] = []
  await expect
    .poll(async () => {
      const page = await alice.call<{ messages: Message[] }>(
        'GET',
        `/api/rooms/${room.room_id}/messages`,
      )
      messages = page.messages.filter(({ message_type }) => message_type === 'text')
      return messages.length
    })
    .toBe(count)
  const [message] = messages
  if (message === undefined) throw new Error('no message')
  return message
}

test('[WEB-4] an @ opens the list, letters narrow it, Enter chooses, the id goes along', async () => {
  await type('please look @')
  await expect.poll(() => options().count()).toBe(6)
  await type('ann')
  await expect.poll(() => options().count()).toBe(2)
  await press('ArrowDown')
  await expect.poll(() => marked().textContent()).toContain('ann.wu@muster.test')
  expect(await composer().getAttribute('aria-activedescendant')).toBe(
    await marked().getAttribute('id'),
  )
  await press('Enter')
  expect(await composer().inputValue()).toBe('please look @Ann Lee ')
  expect(await list().count()).toBe(0)
  await type('now')
  await press('Enter')
  // Two are called so; only the one who was chosen is mentioned.
  expect((await newest(1)).mentions).toEqual(['ann.wu@muster.test'])
  expect(alice.errors).toEqual([])
})

test('[WEB-4] in Chinese text without a space, by mouse, without losing the focus', async () => {
  await type('請@林')
  await expect.poll(() => options().count()).toBe(1)
  await options().filter({ hasText: '林美玲' }).click()
  expect(await composer().inputValue()).toBe('請@林美玲 ')
  expect(await composer().evaluate((element) => element === document.activeElement)).toBe(true)
  await type('看一下')
  await press('Enter')
  expect((await newest(1)).mentions).toEqual(['mei@muster.test'])
})

test('[WEB-4] Home, End, Tab; Escape closes the list first and leaves the text', async () => {
  await type('@')
  await expect.poll(() => options().count()).toBe(6)
  await press('End')
  await expect.poll(() => marked().textContent()).toContain('@here')
  await press('ArrowDown')
  await press('ArrowUp')
  await press('Home')
  await press('Tab')
  expect(await composer().inputValue()).toMatch(/^@Ann Lee $/)
  await type('@b')
  await list().waitFor()
  await press('Escape')
  expect(await list().count()).toBe(0)
  expect(await composer().inputValue()).toBe('@Ann Lee @b')
  // It stays closed for this @, and comes back for the next.
  await type('o')
  expect(await list().count()).toBe(0)
  await type(' @bo')
  await list().waitFor()
})

test('[WEB-4] what was chosen can be undone, and means nobody then', async () => {
  await type('see @林')
  await expect.poll(() => options().count()).toBe(1)
  await press('Enter')
  expect(await composer().inputValue()).toBe('see @林美玲 ')
  await press('Control+z')
  await expect.poll(() => composer().inputValue()).toBe('see @林')
  expect(await alice.page.locator('[data-composer] mark').count()).toBe(0)
})

test('[WEB-4] an edit inside a name dissolves it', async () => {
  await type('@bob')
  await expect.poll(() => options().count()).toBe(1)
  await press('Enter')
  await type('hello')
  expect(await alice.page.locator('[data-composer] mark').allTextContents()).toEqual(['@Bob Stone'])
  await press('Home')
  for (let step = 0; step < 3; step += 1) await press('ArrowRight')
  await press('Delete')
  expect(await composer().inputValue()).toBe('@Bo Stone hello')
  expect(await alice.page.locator('[data-composer] mark').count()).toBe(0)
  await press('Escape')
  await press('End')
  await press('Enter')
  expect((await newest(1)).mentions).toEqual([])
  // Who is meant by a name that nobody has is told to the writer.
  await alice.page.getByRole('status').getByText('Reached nobody: @Bo').waitFor()
  await alice.page.getByRole('button', { name: 'Close' }).first().click()
  await expect.poll(() => alice.page.getByText('Reached nobody').count()).toBe(0)
})

test('[WEB-10] while an input method composes, no key is taken from it', async () => {
  const session = await alice.context.newCDPSession(alice.page)
  await type('@')
  await expect.poll(() => options().count()).toBe(6)
  const text = 'ㄌㄧㄣˊ'
  await session.send('Input.imeSetComposition', {
    text,
    selectionStart: text.length,
    selectionEnd: text.length,
  })
  for (const key of ['Enter', 'Tab', 'Escape', 'ArrowDown'])
    await composer().dispatchEvent('keydown', { key, keyCode: 229, isComposing: true })
  // Neither chosen, nor closed, nor moved, nor narrowed by what is not written yet.
  expect(await options().count()).toBe(6)
  expect(await marked().getAttribute('id')).toBe(await options().first().getAttribute('id'))
  await session.send('Input.insertText', { text: '林' })
  await expect.poll(() => options().count()).toBe(1)
  // Longer than Safari's Enter may follow the end of a composition.
  await alice.page.waitForTimeout(100)
  await press('Enter')
  expect(await composer().inputValue()).toBe('@林美玲 ')
  expect(await shownTexts(alice.page)).toEqual([])
})

test('[WEB-4] an edit can mention, too; of two with one name by the id', async () => {
  await type('look at this')
  await press('Enter')
  await newest(1)
  const box = alice.page.getByRole('textbox', { name: 'Edit message' })
  // Only what the room has confirmed to the page can be edited.
  await expect
    .poll(async () => {
      if ((await box.count()) === 0) await press('ArrowUp')
      return box.count()
    })
    .toBe(1)
  await type(' @ann')
  await list().waitFor()
  await press('Enter')
  expect(await box.inputValue()).toBe('look at this @ann.lee@muster.test ')
  await press('Enter')
  await expect.poll(async () => (await newest(1)).mentions).toEqual(['ann.lee@muster.test'])
})

test('[WEB-4] the draft keeps who is meant over a reload', async () => {
  await type('@ann')
  await expect.poll(() => options().count()).toBe(2)
  await press('ArrowDown')
  await press('Enter')
  await alice.page.reload()
  await expect.poll(() => composer().inputValue()).toBe('@Ann Lee ')
  await composer().focus()
  await press('End')
  await type('back')
  await press('Enter')
  expect((await newest(1)).mentions).toEqual(['ann.wu@muster.test'])
  expect(alice.errors).toEqual([])
})
