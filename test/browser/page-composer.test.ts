import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
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
  room = await alice.createRoom({ title: 'Writing' })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  await bob.open(room)
})

afterEach(() => bob.context.setOffline(false))

const composer = (person = bob): Locator => person.page.getByRole('textbox', { name: /^Message / })

const setRole = (role: string) =>
  alice.call('PATCH', `/api/rooms/${room.room_id}/members/${encodeURIComponent(bob.user_id)}`, {
    role,
  })

const said = async (): Promise<Message[]> => {
  const page = await alice.call<{ messages: Message[] }>(
    'GET',
    `/api/rooms/${room.room_id}/messages`,
  )
  return page.messages.filter(({ message_type }) => message_type !== 'system').toReversed()
}

/** The ids under which unsent messages wait on bob's device. */
const kept = (): Promise<string[]> =>
  bob.page.evaluate(() =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith('muster.outbox.'))
      .map((key) => key.slice(key.lastIndexOf('.') + 1)),
  )

test('[WEB-3] refused: not sent; after a reload Retry sends it with the same id, in its place', async () => {
  await write(bob.page, 'first')
  await expect.poll(async () => (await said()).length).toBe(1)
  await bob.context.setOffline(true)
  await bob.page.getByText('You are offline').first().waitFor()
  await write(bob.page, 'kept')
  await bob.page.getByText('Waiting for the connection').waitFor()
  expect(await kept()).toHaveLength(1)
  const [client_message_id] = await kept()
  await setRole('viewer')
  await bob.context.setOffline(false)
  const failed = bob.page.getByRole('article').filter({ hasText: 'kept' })
  await failed.getByRole('alert').getByText('Not sent').waitFor()

  await bob.page.reload()
  await failed.getByRole('alert').getByText('Not sent').waitFor()
  await setRole('editor')
  await composer().waitFor()
  await failed.getByRole('button', { name: 'Retry', exact: true }).click()
  await expect
    .poll(async () => (await said()).map(({ content }) => content))
    .toEqual(['first', 'kept'])
  expect((await said()).map((message) => message.client_message_id)).toContain(client_message_id)
  await expect.poll(() => shownTexts(bob.page)).toEqual(['first', 'kept'])
  await expect.poll(() => failed.getByRole('alert').count()).toBe(0)
  expect(await kept()).toEqual([])
  expect(bob.errors).toEqual([])
})

test('[WEB-3] the bubble that was pending is the one that is confirmed', async () => {
  await bob.context.setOffline(true)
  await bob.page.getByText('You are offline').first().waitFor()
  await write(bob.page, 'the same bubble')
  const row = bob.page.getByRole('article').filter({ hasText: 'the same bubble' })
  await row.getByText('Waiting for the connection').waitFor()
  const bubble = await row.elementHandle()
  expect(await bob.page.getByText('goes out by itself').count()).toBe(1)
  await bob.context.setOffline(false)
  await expect.poll(async () => (await said()).length).toBe(1)
  await expect.poll(() => row.getByText('Waiting for the connection').count()).toBe(0)
  expect(await bubble?.evaluate((element) => element.isConnected)).toBe(true)
  expect(await shownTexts(bob.page)).toEqual(['the same bubble'])
})

test('[WEB-10] Enter belongs to the input method in every way browsers tell', async () => {
  await composer().focus()
  const session = await bob.context.newCDPSession(bob.page)
  const compose = (text: string) =>
    session.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  await compose('ㄋㄧˇ')
  // Code 229 and `isComposing`, each alone, and the flag alone.
  await composer().dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
  await composer().dispatchEvent('keydown', { key: 'Enter', keyCode: 13, isComposing: true })
  await composer().dispatchEvent('keydown', { key: 'Enter', keyCode: 13 })
  expect(await shownTexts(bob.page)).toEqual([])
  // Safari ends the composition before the key that ended it.
  await composer().evaluate((element) => {
    element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '你' }))
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }),
    )
  })
  expect(await shownTexts(bob.page)).toEqual([])
  await session.send('Input.insertText', { text: '你' })
  expect(await composer().inputValue()).toBe('你')
  await bob.page.waitForTimeout(100)
  await bob.page.keyboard.press('Enter')
  await expect.poll(() => shownTexts(bob.page)).toEqual(['你'])
})

test('[WEB-3] a draft keeps its reply and its uploaded file over a reload, and is gone once sent', async () => {
  await alice.call('POST', `/api/rooms/${room.room_id}/messages`, { content: 'which valve?' })
  const question = bob.page.getByRole('article').filter({ hasText: 'which valve?' })
  await question.hover()
  await question.getByRole('button', { name: 'Reply' }).click()
  await bob.page.keyboard.type('this one')
  await bob.page
    .locator('input[type=file]')
    .setInputFiles([{ name: 'valve.txt', mimeType: 'text/plain', buffer: Buffer.from('V-12') }])
  const send = bob.page.getByRole('button', { name: 'Send' })
  await expect.poll(() => send.isEnabled()).toBe(true)
  await bob.page.reload()
  await expect.poll(() => composer().inputValue()).toBe('this one')
  await bob.page.getByText(/^Replying to/).waitFor()
  await bob.page.getByRole('list', { name: 'Attachments' }).getByText('valve.txt').waitFor()
  await send.click()
  await expect.poll(async () => (await said()).length).toBe(2)
  const [first, answer] = await said()
  expect(answer).toMatchObject({ content: 'this one', reply_to: first?.message_id })
  expect(answer?.file?.name).toBe('valve.txt')
  expect(await composer().inputValue()).toBe('')
  await bob.page.reload()
  await composer().waitFor()
  expect(await composer().inputValue()).toBe('')
  expect(await bob.page.getByText(/^Replying to/).count()).toBe(0)
})

test('[WEB-3] two tabs have one draft: neither writes over the other', async () => {
  const other = await bob.context.newPage()
  await other.goto(`/rooms/${room.room_id}`)
  const second = other.getByRole('textbox', { name: /^Message / })
  await second.waitFor()
  await composer().fill('begun here')
  await expect.poll(() => second.inputValue()).toBe('begun here')
  await second.focus()
  await other.keyboard.press('End')
  await other.keyboard.type(', ended there')
  await expect.poll(() => composer().inputValue()).toBe('begun here, ended there')
  await other.keyboard.press('Enter')
  await expect.poll(() => composer().inputValue()).toBe('')
  await other.close()
})

test('[WEB-3] the field grows with its text and stops before it fills the screen', async () => {
  const height = () => composer().evaluate((element) => element.parentElement?.clientHeight ?? 0)
  const one_line = await height()
  await composer().fill('1\n2\n3')
  const three_lines = await height()
  expect(three_lines).toBeGreaterThan(one_line * 1.8)
  await composer().fill(Array.from({ length: 80 }, (_, n) => n).join('\n'))
  const viewport = bob.page.viewportSize()?.height ?? 0
  expect(await height()).toBeLessThanOrEqual(viewport * 0.4)
  // The end, where one writes, is in view.
  await bob.page.keyboard.press('Control+End')
  await bob.page.keyboard.type('!')
  const [box, field] = await Promise.all([
    composer().locator('..').boundingBox(),
    composer().boundingBox(),
  ])
  expect(field && box && field.y + field.height - (box.y + box.height)).toBeLessThan(12)
  await composer().fill('')
  expect(await height()).toBe(one_line)
})

test('[WEB-3] too long is counted, told and not sent', async () => {
  await composer().fill('x'.repeat(15_900))
  await bob.page.getByText('100 characters left').waitFor()
  await composer().fill('x'.repeat(16_003))
  await bob.page.getByRole('alert').getByText('3 characters too many').waitFor()
  await bob.page.keyboard.press('Enter')
  expect(await shownTexts(bob.page)).toEqual([])
  expect(await bob.page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
})
