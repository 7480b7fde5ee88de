import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { fill, line, patient, restBelow, scrollBy, textsInView } from './long-room.ts'
import { startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  bob = await harness.person('bob@muster.test')
})
afterAll(() => harness.stop())

/** Alice said so many lines, and Bob has read some of them. That he was added is message 1. */
const roomWith = async (said_count: number, read_count: number): Promise<Room> => {
  const room = await alice.createRoom({ title: `Of ${said_count}` })
  const path = `/api/rooms/${room.room_id}`
  await alice.call('POST', `${path}/members`, { user_id: bob.user_id, role: 'editor' })
  await fill(harness, room, { user_id: alice.user_id, count: said_count - 1 })
  // Only now does the room notice what passed it by.
  await say(alice, room, `line ${said_count}`)
  await bob.call('PUT', `${path}/read`, { sequence_number: read_count + 1 })
  return room
}

const say = (person: Person, room: Room, content: string) =>
  person.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, { content })

const readSequence = async (room: Room) =>
  (await bob.call<Room>('GET', `/api/rooms/${room.room_id}`)).read_sequence

const newLine = () => bob.page.getByRole('log').getByText('New', { exact: true })

const latest = (name: string | RegExp) => bob.page.getByRole('button', { name, exact: true })

test('[WEB-3] a room opens at the first unread message, however far it is', async () => {
  const room = await roomWith(400, 150)
  await bob.open(room)
  await newLine().waitFor()
  const [first, second] = await textsInView(bob.page)
  // A little of what was read, so that one knows where one is.
  expect(['line 147', 'line 148', 'line 149', 'line 150']).toContain(first)
  expect(second).not.toBe(first)
  const [divider, unread] = await Promise.all([
    newLine().boundingBox(),
    line(bob.page, 151).boundingBox(),
  ])
  expect(unread?.y).toBeGreaterThan(divider?.y ?? Infinity)
  expect((unread?.y ?? 0) - (divider?.y ?? 0)).toBeLessThan(80)
  const seen = Number((await textsInView(bob.page)).at(-1)?.slice('line '.length))
  await latest(`${400 - seen} new messages`).waitFor()
  expect(await readSequence(room)).toBe(151)

  await latest(/new messages/).click()
  await line(bob.page, 400).waitFor()
  await bob.page.bringToFront()
  await expect.poll(() => readSequence(room), patient).toBe(401)
})

test('[WEB-3] the line of what is new stays where it was, and is gone the next time', async () => {
  const room = await roomWith(20, 15)
  await bob.open(room)
  await newLine().waitFor()
  await say(alice, room, 'one more')
  await bob.page.getByText('one more', { exact: true }).first().waitFor()
  await bob.page.bringToFront()
  await expect.poll(() => readSequence(room), patient).toBe(22)
  const below = bob.page
    .getByRole('log')
    .locator('li')
    .filter({ has: bob.page.getByText('New', { exact: true }) })
  expect(await below.evaluate((li) => li.nextElementSibling?.textContent)).toContain('line 16')
  await bob.page.goto('/')
  await bob.open(room)
  await line(bob.page, 20).waitFor()
  expect(await newLine().count()).toBe(0)
})

test('[WEB-3] own words are never new', async () => {
  const room = await roomWith(3, 3)
  await say(bob, room, 'from another device')
  await bob.open(room)
  await bob.page.getByText('from another device', { exact: true }).first().waitFor()
  expect(await newLine().count()).toBe(0)
})

test('[WEB-3] what is read stays put while others write, and at the bottom it follows', async () => {
  const room = await roomWith(200, 200)
  await bob.open(room)
  await line(bob.page, 200).waitFor()
  await say(alice, room, 'followed')
  await bob.page.getByText('followed', { exact: true }).first().waitFor()
  await expect.poll(() => restBelow(bob.page), patient).toBeLessThan(2)
  await scrollBy(bob.page, -600)
  await latest('Jump to latest').waitFor()
  const before = await textsInView(bob.page)
  await say(alice, room, 'unseen')
  await latest('1 new message').waitFor()
  expect(await textsInView(bob.page)).toEqual(before)
  await write(bob.page, 'my answer')
  await bob.page.getByText('my answer', { exact: true }).first().waitFor()
  await expect.poll(() => restBelow(bob.page), patient).toBeLessThan(2)
})

test('[WEB-3] another size of the window moves neither the bottom nor what is read', async () => {
  const room = await roomWith(200, 200)
  await bob.open(room)
  await line(bob.page, 200).waitFor()
  // As when the keyboard of a phone comes up.
  await bob.page.setViewportSize({ width: 400, height: 700 })
  await bob.page.setViewportSize({ width: 400, height: 400 })
  await expect.poll(() => restBelow(bob.page), patient).toBeLessThan(2)
  await scrollBy(bob.page, -600)
  await latest('Jump to latest').waitFor()
  const [first] = await textsInView(bob.page)
  await bob.page.setViewportSize({ width: 1_000, height: 700 })
  await expect.poll(async () => (await textsInView(bob.page))[0], patient).toBe(first)
  await bob.page.setViewportSize({ width: 1_280, height: 720 })
})

test('[WEB-3] history that fails says so above, and Retry brings it down to the start', async () => {
  const room = await roomWith(60, 60)
  await bob.open(room)
  await bob.page.getByRole('heading', { name: 'This is the start of Of 60' }).waitFor({
    state: 'attached',
  })
  await bob.page.route('**/messages?*before_sequence=12', (route) => route.abort())
  await bob.page.reload()
  const note = bob.page.getByRole('alert').filter({ hasText: 'Earlier messages' })
  await note.waitFor({ state: 'attached' })
  await bob.page.unroute('**/messages?*before_sequence=12')
  await note.getByRole('button', { name: 'Retry' }).click()
  await bob.page.getByRole('heading', { name: 'This is the start of Of 60' }).waitFor({
    state: 'attached',
  })
  expect(await note.count()).toBe(0)
})

test('[WEB-3] opened without a network: why there is nothing, and all of it once there is', async () => {
  const room = await roomWith(5, 5)
  await bob.page.goto('/')
  const card = bob.page.getByRole('link', { name: /Of 5\b/ })
  await card.waitFor()
  await bob.context.setOffline(true)
  await card.click()
  await bob.page.getByRole('alert').filter({ hasText: 'you are offline' }).waitFor()
  await bob.context.setOffline(false)
  await line(bob.page, 5).waitFor()
  expect(await bob.page.getByRole('alert').count()).toBe(0)
  expect(room.title).toBe('Of 5')
})

test('[WEB-10] screen readers hear what is new, and neither history nor places gone to', async () => {
  const room = await roomWith(300, 100)
  await bob.open(room)
  const aloud = bob.page.locator('[aria-live="polite"]').filter({ hasText: /:/ })
  await newLine().waitFor()
  await scrollBy(bob.page, -400)
  await latest(/new messages/).click()
  await line(bob.page, 300).waitFor()
  expect(await aloud.count()).toBe(0)
  await say(alice, room, 'now this')
  await expect
    .poll(() => aloud.allTextContents(), patient)
    .toEqual([expect.stringMatching(/^\s*alice@muster.test: now this\s*$/)])
  expect(await bob.page.getByRole('log').getAttribute('aria-live')).toBe('off')
  expect(bob.errors).toEqual([])
})
