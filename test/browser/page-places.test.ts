import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { fill, line, messageAt, patient, restBelow, scrollBy, textsInView } from './long-room.ts'
import { startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  room = await alice.createRoom({ title: 'Long' })
  await fill(harness, room, { user_id: alice.user_id, count: 800 })
})
afterAll(() => harness.stop())

const permalink = (message: Message) => `/rooms/${room.room_id}/messages/${message.message_id}`

/** Which message has the focus. */
const focused = () =>
  alice.page.evaluate(() => document.activeElement?.querySelector('.body > p')?.textContent)

test('[WEB-8] a permalink shows its message in the middle, with the focus, and its neighbours', async () => {
  await alice.page.goto(permalink(await messageAt(alice, room, 300)))
  await expect.poll(focused, patient).toBe('line 300')
  const shown = await textsInView(alice.page)
  const middle = shown.indexOf('line 300')
  expect(Math.abs(middle - shown.length / 2)).toBeLessThan(3)
  expect(shown).toEqual(shown.map((_, index) => `line ${300 - middle + index}`))
})

test('[WEB-8] the latest are one press away', async () => {
  await alice.page.goto(permalink(await messageAt(alice, room, 300)))
  await expect.poll(focused, patient).toBe('line 300')
  await alice.page.getByRole('button', { name: 'Jump to latest' }).click()
  await line(alice.page, 800).waitFor()
  await expect.poll(() => restBelow(alice.page), patient).toBeLessThan(2)
})

test('[WEB-8] what happens there shows there; what is said meanwhile is counted', async () => {
  const { call, page } = alice
  const message = await messageAt(alice, room, 200)
  const path = `/api/rooms/${room.room_id}/messages`
  await page.goto(permalink(message))
  await expect.poll(focused, patient).toBe('line 200')
  const before = await textsInView(page)
  await call('PUT', `${path}/${message.message_id}/reactions/${encodeURIComponent('👍')}`)
  await page.getByRole('button', { name: /👍/ }).waitFor()
  const bob = await harness.person('bob@muster.test')
  await call('POST', `/api/rooms/${room.room_id}/members`, { user_id: bob.user_id, role: 'editor' })
  await bob.call('POST', path, { content: 'news' })
  await page.getByRole('button', { name: '1 new message' }).waitFor()
  expect(await textsInView(page)).toEqual(expect.arrayContaining(before.slice(2, -2)))
  await page.getByRole('button', { name: '1 new message' }).click()
  await page.getByText('news', { exact: true }).first().waitFor()
  await bob.context.close()
})

test('[WEB-8] Back returns to where one was reading, Forward to the message', async () => {
  const { page } = alice
  const target = await messageAt(alice, room, 100)
  const reply = await alice.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, {
    content: 'as said long ago',
    reply_to: target.message_id,
  })
  await alice.open(room)
  await page.getByText('as said long ago', { exact: true }).first().waitFor()
  await expect.poll(() => restBelow(page), patient).toBeLessThan(2)
  await scrollBy(page, -700)
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  const before = await textsInView(page)
  // Without the mouse or the focus, either of which would bring it into view first.
  await page
    .getByRole('button', { name: /An earlier message/ })
    .first()
    .dispatchEvent('click')
  await expect.poll(focused, patient).toBe('line 100')
  await page.goBack()
  await expect.poll(() => textsInView(page), patient).toEqual(before)
  await page.goForward()
  await expect.poll(async () => (await textsInView(page)).includes('line 100'), patient).toBe(true)
  expect(reply.reply_to).toBe(target.message_id)
})

test('[WEB-8] an own message leads back to the latest', async () => {
  const { page } = alice
  await page.goto(permalink(await messageAt(alice, room, 50)))
  await expect.poll(focused, patient).toBe('line 50')
  await write(page, 'written from far away')
  await page.getByText('written from far away', { exact: true }).first().waitFor()
  await expect.poll(() => restBelow(page), patient).toBeLessThan(2)
})

test('[WEB-8] another message of the same room is shown over the same socket', async () => {
  const { page } = alice
  await page.goto(permalink(await messageAt(alice, room, 300)))
  await expect.poll(focused, patient).toBe('line 300')
  let socket_count = 0
  page.on('websocket', () => (socket_count += 1))
  const other = permalink(await messageAt(alice, room, 500))
  await page.evaluate((address) => {
    history.pushState(null, '', address)
    dispatchEvent(new PopStateEvent('popstate'))
  }, other)
  await expect.poll(focused, patient).toBe('line 500')
  expect(socket_count).toBe(0)
})

test('[WEB-8] a message that is not there: a note, and the room as it is', async () => {
  const { page } = alice
  await page.goto(`/rooms/${room.room_id}/messages/01900000-0000-7000-8000-000000000000`)
  const note = page.getByRole('alert').filter({ hasText: 'There is no such message' })
  await note.waitFor()
  await line(page, 800).waitFor()
  await note.getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => note.count(), patient).toBe(0)
})

test('[WEB-8] a place that cannot be loaded says so, and Retry goes there', async () => {
  const { page } = alice
  const address = permalink(await messageAt(alice, room, 400))
  await page.route('**/messages?*around=*', (route) => route.abort())
  await page.goto(address)
  const note = page.getByRole('alert').filter({ hasText: 'The message could not be loaded' })
  await note.waitFor()
  await page.unroute('**/messages?*around=*')
  await note.getByRole('button', { name: 'Retry' }).click()
  await expect.poll(focused, patient).toBe('line 400')
  expect(alice.errors).toEqual([])
})
