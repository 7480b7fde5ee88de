/** One-way messages as people see them (WEB-9): what became of those posted, and those to oneself. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AcceptedOneWay, NoticePage, OneWayTracking } from '../../src/protocol/one-way.ts'
import { axeViolations } from './axe-violations.ts'
import { eventually, startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
let page: Page
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())

beforeEach(async () => {
  await Promise.all([alice, bob].map((person) => person?.context.close()))
  alice = await harness.person('alice@muster.test', { reducedMotion: 'reduce' })
  bob = await harness.person('bob@muster.test')
  page = alice.page
})

const post = (
  { call }: Person,
  type: 'room' | 'user' | 'email',
  id: string,
  overrides: Record<string, unknown> = {},
) =>
  call<AcceptedOneWay>('POST', '/api/messages/one-way', {
    recipient: { type, id },
    content: 'Mould 4 is due',
    ...overrides,
  })

const nobodys_room = '01900000-0000-7000-8000-00000000dead'

const rows = (name: 'Sent' | 'Received') => page.getByRole('list', { name }).getByRole('article')
const chip = (row: Locator, status: string) => row.locator('.head').filter({ hasText: status })
const waiting = () =>
  page
    .getByRole('navigation')
    .first()
    .getByText(/unread notice/)

/** Listens to the inbox: what happens from now on is told. */
const openList = async () => {
  const greeted = page.waitForEvent('websocket', (socket) => socket.url().endsWith('/ws'))
  await page.goto('/')
  const socket = await greeted
  await socket.waitForEvent('framereceived')
}

const readEverything = () => alice.call('POST', '/api/me/notices/read', {})

test('[WEB-9] posted by hand, followed into its room, and found there', async () => {
  const room = await alice.createRoom({ title: 'Press 4 stopped' })
  await openList()
  await page.getByRole('button', { name: 'One-way messages' }).click()
  await page.getByText('Post a one-way message').click()
  await page.getByLabel('Which room').selectOption({ label: 'Press 4 stopped' })
  await page.getByLabel('Text').fill('Torque is back to 40 Nm')
  await page.getByRole('button', { name: 'Post', exact: true }).click()
  const said = page.getByRole('status').filter({ hasText: 'Accepted. Its tracking id:' })
  await said.waitFor()
  const tracking_id = await said.locator('code').textContent()
  expect(await page.getByLabel('Text').inputValue()).toBe('')
  const row = rows('Sent').filter({ hasText: 'Press 4 stopped' }).first()
  await chip(row, 'Committed').waitFor()
  await row.getByText('Details').click()
  await row.getByText(String(tracking_id)).waitFor()
  await row.getByRole('link', { name: 'Show in its room' }).click()
  await page.waitForURL(`**/rooms/${room.room_id}/messages/${tracking_id}`)
  await page.getByRole('log').getByText('Torque is back to 40 Nm').first().waitFor()
  expect(alice.errors).toEqual([])
})

test('[DISP-5] outcomes are told as they come: how many arrived, which did not, and why', async () => {
  const room = await alice.createRoom({ title: 'Press 5 stopped' })
  await page.goto('/one-way')
  await page.getByRole('combobox', { name: 'Status' }).waitFor()
  for (let n = 0; n < 3; n += 1) await post(alice, 'room', room.room_id)
  await post(alice, 'room', nobodys_room)
  await page.getByText('3 committed, 1 rejected').first().waitFor()
  await page.getByRole('status').getByText('3 committed, 1 rejected').waitFor({ state: 'attached' })
  const rejected = rows('Sent').filter({ hasText: nobodys_room })
  await chip(rejected, 'Rejected').waitFor()
  expect(await rejected.locator('.why').textContent()).not.toBe('')
  await eventually(() =>
    chip(rows('Sent').filter({ hasText: 'Press 5 stopped' }), 'Committed').count(),
  ).toBe(3)
  expect(alice.errors).toEqual([])
})

test('[DISP-6] narrowed by status and recipient, which the address keeps', async () => {
  await post(alice, 'room', nobodys_room)
  await page.goto('/one-way')
  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Rejected' })
  await page.waitForURL('**/one-way/sent?status=rejected')
  await page.getByRole('combobox', { name: 'Recipient' }).selectOption({ label: 'Room' })
  await page.waitForURL('**/one-way/sent?status=rejected&to=room')
  await page.reload()
  await rows('Sent').filter({ hasText: nobodys_room }).first().waitFor()
  expect(await chip(rows('Sent'), 'Committed').count()).toBe(0)
  await page.getByRole('combobox', { name: 'Recipient' }).selectOption({ label: 'WhatsApp' })
  await page.getByText('None stand so').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.waitForURL('**/one-way/sent')
  await rows('Sent').first().waitFor()
  expect(alice.errors).toEqual([])
})

test('[DISP-6] a dead one is sent again, and why not is said', async () => {
  const dead: OneWayTracking = {
    tracking_id: '01900000-0000-7000-8000-000000001000',
    recipient: { type: 'email', id: 'quality@example.com' },
    priority: 'high',
    status: 'dead',
    idempotency_key: null,
    attempts: 8,
    accepted_at: '2026-11-22T01:00:00.000Z',
    validated_at: '2026-11-22T01:00:00.000Z',
    finished_at: '2026-11-22T02:00:00.000Z',
    next_attempt_at: null,
    reason: { code: 'unavailable', message: 'the provider did not answer' },
    message: null,
    provider_id: null,
  }
  let known = dead
  let answer: Record<string, unknown> = { status: 409, json: { code: 'conflict', detail: '' } }
  await page.route('**/api/messages/one-way?*', (route) =>
    route.fulfill({
      json: { messages: [known], pagination: { has_more: false, next_before: null } },
    }),
  )
  await page.route('**/retry', (route) => route.fulfill(answer))
  await page.goto('/one-way')
  const row = rows('Sent').first()
  await row.getByText('the provider did not answer').waitFor()
  await row.getByText('8 attempts').first().waitFor()
  await row.getByRole('button', { name: 'Send again' }).click()
  await row.getByRole('alert').getByText('It was not sent again.').waitFor()
  expect(await axeViolations(page)).toEqual([])
  known = { ...dead, status: 'accepted', reason: null }
  answer = { status: 200, json: known }
  await row.getByRole('button', { name: 'Send again' }).click()
  await chip(row, 'Accepted').waitFor()
  expect(alice.errors).toEqual([])
})

test('[WEB-9] a list that cannot be loaded says so, and is asked for again', async () => {
  await page.route('**/api/messages/one-way?*', (route) => route.abort(), { times: 1 })
  await page.goto('/one-way')
  const note = page.getByRole('alert').filter({ hasText: 'The messages could not be loaded.' })
  await note.getByRole('button', { name: 'Retry' }).click()
  await eventually(() => note.count()).toBe(0)
  await page
    .getByRole('status')
    .getByText(/messages?$/)
    .first()
    .waitFor({ state: 'attached' })
})

test('[DISP-1] [WEB-5] a notice is told at once, waits with a number, and is read by being seen', async () => {
  await readEverything()
  await openList()
  await post(bob, 'user', alice.user_id, { priority: 'high' })
  const toast = page.getByRole('status', { name: 'Notifications' }).getByRole('link', {
    name: `Notice from ${bob.user_id}`,
  })
  await toast.waitFor()
  await waiting().filter({ hasText: '1 unread notice' }).waitFor({ state: 'attached' })
  await eventually(() => page.title()).toMatch(/^\(\d+\) /)
  await toast.click()
  await page.waitForURL('**/one-way/received')
  const row = rows('Received').first()
  await row.getByText('Mould 4 is due').waitFor()
  await row.getByText('High').waitFor()
  await row.getByText('New', { exact: true }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  await page.bringToFront()
  await eventually(() => waiting().count()).toBe(0)
  // One can still tell which it was, until one leaves.
  expect(await row.getByText('New', { exact: true }).count()).toBe(1)
  await page.reload()
  await row.getByText('Mould 4 is due').waitFor()
  expect(await row.getByText('New', { exact: true }).count()).toBe(0)
  expect(alice.errors).toEqual([])
})

test('[DISP-1] one that comes while one looks appears on top, with no toast over it', async () => {
  await page.goto('/one-way/received')
  await page.getByRole('button', { name: 'Mark all as read' }).waitFor()
  await page
    .getByText(/^(\d+ notices?|No notices)$/)
    .first()
    .waitFor({ state: 'attached' })
  await post(bob, 'user', alice.user_id, { content: 'Shift report is ready' })
  await rows('Received').first().getByText('Shift report is ready').waitFor()
  expect(await page.getByRole('link', { name: /^Notice from/ }).count()).toBe(0)
  expect(alice.errors).toEqual([])
})

test('[DISP-1] all of them are marked as read at once', async () => {
  await readEverything()
  for (const content of ['one', 'two']) await post(bob, 'user', alice.user_id, { content })
  await eventually(async () => {
    const { unread_count } = await alice.call<NoticePage>('GET', '/api/me/notices?limit=1')
    return unread_count
  }).toBe(2)
  // Nobody looks: nothing is seen.
  await page.addInitScript(() => (document.hasFocus = () => false))
  await page.goto('/one-way/received')
  await rows('Received').getByText('New', { exact: true }).nth(1).waitFor()
  await page.getByRole('button', { name: 'Mark all as read' }).click()
  await eventually(() => rows('Received').getByText('New', { exact: true }).count()).toBe(0)
  await eventually(() => waiting().count()).toBe(0)
  const left = await alice.call<NoticePage>('GET', '/api/me/notices?limit=1')
  expect(left.unread_count).toBe(0)
  expect(alice.errors).toEqual([])
})

test('[DISP-5] a webhook is set, its secret shown once, and removed', async () => {
  await page.goto('/one-way')
  await page.getByText('Webhook for outcomes').click()
  await page.getByLabel('Address (https)').fill('https://10.0.0.1/hook')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('alert').getByText('The webhook was not changed.').waitFor()
  await page.getByLabel('Address (https)').fill('https://mes.example.com/muster')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText(/^whsec_/).waitFor()
  await page.getByText('https://mes.example.com/muster').waitFor()
  expect(await axeViolations(page)).toEqual([])
  await page.reload()
  await page.getByText('Webhook for outcomes').click()
  await page.getByText('https://mes.example.com/muster').waitFor()
  expect(await page.getByText(/^whsec_/).count()).toBe(0)
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await eventually(() => page.getByText('https://mes.example.com/muster').count()).toBe(0)
  expect(alice.errors).toEqual([])
})
