import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  room = await alice.createRoom({ title: 'Readings' })
})
afterAll(() => harness.stop())

const read = (content: Record<string, unknown>) =>
  alice.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, {
    message_type: 'incident_data',
    content,
  })

const cards = (): Locator => alice.page.getByRole('article').locator('dl')
const trend = (card: Locator, field: string): Locator =>
  card.getByRole('button', { name: new RegExp(`^${field}:`, 'u') })

test('[MSG-4] a reading is a card of words; a number that is read again gets a course', async () => {
  await read({ temperature: 1081.5, ok: true, oven: { zone1: 20 }, at: '2026-01-02T16:30:00Z' })
  await alice.open(room)
  const [first, second] = [cards().first(), cards().nth(1)]
  await first.waitFor()
  expect(await first.locator('dt').allTextContents()).toEqual([
    'at',
    'ok',
    'oven.zone1',
    'temperature',
  ])
  expect(await first.locator('dd').allTextContents()).toEqual([
    '01/03 00:30',
    'yes',
    '20',
    '1,081.5',
  ])
  expect(await first.getByRole('button').count()).toBe(0)

  await read({ temperature: 1084, ok: false })
  await second.waitFor()
  for (const card of [first, second]) {
    await trend(card, 'temperature').waitFor()
    expect(await trend(card, 'temperature').getAttribute('aria-label')).toBe(
      'temperature: 2 readings, lowest 1,081.5, highest 1,084, latest 1,084',
    )
  }
  expect(await trend(second, 'ok').count()).toBe(0)
})

test('[WEB-3] a press shows the course as a chart and as a table, also of what is not held', async () => {
  // Far more than the page loads at first.
  room = await alice.createRoom({ title: 'Many readings' })
  await Promise.all(Array.from({ length: 60 }, (_, n) => read({ pressure: n })))
  await alice.open(room)
  await trend(cards().last(), 'pressure').click()
  const dialog = alice.page.getByRole('dialog', { name: 'Readings over time' })
  await dialog.getByRole('img', { name: /^pressure: 60 readings, lowest 0, highest 59/ }).waitFor()
  await expect.poll(() => dialog.locator('canvas').count()).toBe(1)

  await dialog.getByRole('combobox', { name: 'Field' }).selectOption('pressure')
  await dialog.getByText('As a table').click()
  const rows = dialog.getByRole('row')
  await expect.poll(() => rows.count()).toBe(61)

  // What is read meanwhile joins.
  await read({ pressure: 75 })
  await expect.poll(() => rows.nth(1).getByRole('cell').nth(1).textContent()).toBe('75')
  await alice.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(alice.errors).toEqual([])
})
