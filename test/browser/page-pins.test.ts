import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  // In another zone than Taipei's, as no reader should notice.
  bob = await harness.person('bob@muster.test', { timezoneId: 'America/New_York' })
})
afterAll(() => harness.stop())

beforeEach(async () => {
  room = await alice.createRoom({ title: 'Pins' })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  await bob.open(room)
  await bob.page.getByRole('button', { name: 'Pinned' }).click()
})

const pane = (): Locator => bob.page.getByRole('complementary', { name: 'Pinned' })
const item = (text: string): Locator => pane().getByRole('listitem').filter({ hasText: text })
const words = (): Promise<string[]> => pane().locator('li .words').allTextContents()

const say = (content: string) =>
  alice.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, { content })
const pin = ({ message_id }: Message, event_at?: string) =>
  alice.call('PUT', `/api/rooms/${room.room_id}/messages/${message_id}/pin`, {
    ...(event_at === undefined ? {} : { event_at }),
  })

const day_ms = 86_400_000

const taipei = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)

test('[MSG-11] pins are the timeline of the incident, by day and by when it happened', async () => {
  await pane().getByRole('heading', { name: 'Nothing is pinned' }).waitFor()
  const replaced = await say('pump replaced')
  const alarm = await say('alarm `E-1042`')
  await pin(replaced)
  await pin(alarm, new Date(Date.now() - day_ms).toISOString())
  await expect.poll(words).toEqual(['alarm E-1042', 'pump replaced'])
  expect(await pane().getByRole('heading', { level: 3 }).allTextContents()).toEqual([
    'Yesterday',
    'Today',
  ])
  expect(await item('alarm').textContent()).toMatch(/Said \d\d:\d\d/)
  expect(await item('pump').textContent()).not.toContain('Said')
  await item('alarm').getByRole('button', { name: 'alarm' }).click()
  await expect
    .poll(() => bob.page.evaluate(() => document.activeElement?.textContent))
    .toContain('alarm E-1042')
  await item('alarm').getByRole('button', { name: 'Unpin' }).click()
  await expect.poll(words).toEqual(['pump replaced'])
})

test('[MSG-11] the time of a pin is corrected, in Taipei time, and checked', async () => {
  const first = await say('valve closed')
  const second = await say('pressure fell')
  await pin(first)
  await pin(second)
  await expect.poll(words).toEqual(['valve closed', 'pressure fell'])
  await item('pressure').getByRole('button', { name: 'Correct the time' }).click()
  const dialog = bob.page.getByRole('dialog', { name: 'Correct the time' })
  const field = dialog.getByLabel('When it happened')
  expect(await field.inputValue()).toBe(taipei(Date.parse(second.created_at)))

  await field.fill(taipei(Date.now() + day_ms))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('That has not happened yet.').waitFor()
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  await field.fill('')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Enter a date and a time.').waitFor()

  const event_ms = Math.floor(Date.now() / 1_000) * 1_000 - 2 * day_ms
  await field.fill(taipei(event_ms))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(words).toEqual(['pressure fell', 'valve closed'])
  const path = `/api/rooms/${room.room_id}/messages/${second.message_id}`
  await expect
    .poll(async () => Date.parse((await alice.call<Message>('GET', path)).pin?.event_at ?? ''))
    .toBe(event_ms)
})

test('[SEC-2] a viewer sees the pins and changes none', async () => {
  await pin(await say('seal broken'))
  const member = `/api/rooms/${room.room_id}/members/${encodeURIComponent(bob.user_id)}`
  await alice.call('PATCH', member, { role: 'viewer' })
  await bob.page.getByText('You can read this room.').waitFor()
  await item('seal broken').waitFor()
  await expect.poll(() => pane().getByRole('button', { name: 'Unpin' }).count()).toBe(0)
  expect(await item('seal broken').getByRole('button').count()).toBe(1)
  expect(bob.errors).toEqual([])
})
