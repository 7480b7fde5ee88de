/**
 * What the page says and does while the server sheds load (LIM-2), limits somebody (LIM-1), or is
 * without its database (LIM-3). Where the server cannot be brought to it within a test, the test
 * speaks for it on the page's own socket.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Degraded } from '../../src/protocol/degradation.ts'
import { runStatement } from '../support/run-statement.ts'
import { axeViolations } from './axe-violations.ts'
import { holdSocket } from './held-socket.ts'
import { eventually, shownTexts, startHarness, write, type Harness } from './page-harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())

const busy: Degraded = {
  type: 'degraded',
  level: 2,
  paused: ['typing', 'presence'],
  database: 'reachable',
}

const well: Degraded = { ...busy, level: 0, paused: [] }

const opened = async (options = {}) => {
  const alice = await harness.person('alice@muster.test', { reducedMotion: 'reduce', ...options })
  const room = await alice.createRoom()
  await alice.call('POST', `/api/rooms/${room.room_id}/messages`, { content: 'read this' })
  const socket = await holdSocket(alice.page)
  await alice.open(room)
  await alice.page.getByText('read this', { exact: true }).first().waitFor()
  return { alice, page: alice.page, room, socket }
}

test('[LIM-2] what is paused is said calmly, once to screen readers, and goes by itself', async () => {
  const { alice, page, socket } = await opened({ viewport: { width: 360, height: 740 } })
  const before = await page.getByText('read this', { exact: true }).first().boundingBox()
  socket.tell(busy)
  const banner = page.getByText('Busy: typing and presence are paused; messages still go through.')
  await banner.waitFor()
  const status = page.getByRole('status').filter({ hasText: 'The server is busy' })
  await status.waitFor({ state: 'attached' })
  expect(await page.getByText('read this', { exact: true }).first().boundingBox()).toEqual(before)
  expect(await axeViolations(page)).toEqual([])
  // More of it is told to the eye only: the words that are read out stay the same.
  socket.tell({ ...busy, level: 3, paused: ['typing', 'presence', 'read_marks'] })
  await page.getByText('Busy: typing, presence and read marks are paused').waitFor()
  expect(await status.count()).toBe(1)
  await write(page, 'said meanwhile')
  await eventually(() => shownTexts(page)).toEqual(['read this', 'said meanwhile'])
  socket.tell(well)
  await eventually(() => page.getByText(/^Busy:/).count()).toBe(0)
  await page.getByRole('status').getByText('Everything works again.').waitFor({ state: 'attached' })
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[LIM-1] sent too fast: it counts down, goes again by itself, and the next ones behind it', async () => {
  const { alice, page, socket } = await opened()
  socket.hold()
  await write(page, 'one too many')
  await eventually(() => socket.waiting.length).toBe(1)
  const { client_message_id } = socket.waiting[0] ?? {}
  socket.refuse('rate_limited', 4_000)
  await page.getByText(/Too many at once; sending again in \d s/).waitFor()
  const said = 'Too many messages at once. Yours wait and are sent by themselves.'
  await page.getByRole('status').getByText(said).waitFor({ state: 'attached' })
  await write(page, 'the next one')
  await page.getByText('Waiting to be sent').first().waitFor()
  expect(socket.waiting).toEqual([])
  expect(await page.getByText('Not sent.').count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
  // Sent again by itself, under the same id, and still alone.
  await eventually(() => socket.waiting.map((frame) => frame.client_message_id)).toEqual([
    client_message_id,
  ])
  socket.release()
  await eventually(() => shownTexts(page)).toEqual(['read this', 'one too many', 'the next one'])
  await eventually(() => page.getByText(/sending again/).count()).toBe(0)
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[LIM-1] a call that came too soon: a toast says how long to wait', async () => {
  const { alice, page } = await opened()
  await page.route('**/api/rooms/*', (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill({
          status: 429,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'rate_limited', detail: '', retry_after_ms: 11_200 }),
        })
      : route.continue(),
  )
  await page.getByRole('button', { name: 'Resolve', exact: true }).click()
  const toasts = page.getByRole('status', { name: 'Notifications' })
  await toasts.getByText('Too many at once. Try again in 12 s.').waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[LIM-2] search that is paused says so, and is asked again on request', async () => {
  const { alice, page } = await opened()
  await page.route(
    '**/api/messages/search?*',
    (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'unavailable', detail: 'paused', retry_after_ms: 2_000 }),
      }),
    { times: 1 },
  )
  await page.goto('/search?q=read')
  await page.getByRole('alert').getByText('Search is paused while the server is busy').waitFor()
  await page.getByRole('alert').getByRole('button', { name: 'Retry' }).click()
  await page.locator('mark').first().waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[LIM-3] a database that is away for long: what is written stays, and all of it goes out in order', async () => {
  const { alice, page } = await opened()
  const name = new URL(harness.worker.database.url).pathname.slice(1)
  const admit = (allowed: boolean) =>
    runStatement(inject('postgresUrl'), `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`)
  await admit(false)
  await runStatement(
    inject('postgresUrl'),
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  )
  await write(page, 'first')
  await page.getByText('Read-only', { exact: true }).waitFor()
  // One can go on writing, and leave the page meanwhile.
  for (const text of ['second', 'third']) await write(page, text)
  await page.getByText('Waiting to be sent').first().waitFor()
  expect(await axeViolations(page)).toEqual([])
  await admit(true)
  await page.getByText('Live', { exact: true }).waitFor()
  await eventually(() => shownTexts(page)).toEqual(['read this', 'first', 'second', 'third'])
  await eventually(() => page.getByText('Waiting to be sent').count()).toBe(0)
  await page.getByRole('status').getByText('Everything works again.').waitFor({ state: 'attached' })
  expect(await page.getByText('Not sent.').count()).toBe(0)
  expect(alice.errors).toEqual([])
  await alice.context.close()
})
