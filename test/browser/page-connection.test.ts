import { inject, afterAll, beforeAll, expect, test } from 'vitest'
import { runStatement } from '../support/run-statement.ts'
import { shownTexts, startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
})
afterAll(() => harness.stop())

const banner = () => alice.page.getByRole('status')

const opened = async (title: string) => {
  const room = await alice.createRoom({ title })
  await alice.call('POST', `/api/rooms/${room.room_id}/messages`, { content: 'read this' })
  await alice.open(room)
  await alice.page.getByText('read this', { exact: true }).first().waitFor()
  return room
}

test('[WEB-3] offline: said at once, nothing moves, what is written goes out later', async () => {
  await opened('Offline')
  const { page, context } = alice
  const read = page.getByText('read this', { exact: true }).first()
  const before = await read.boundingBox()
  await context.setOffline(true)
  await banner().getByText('You are offline.').waitFor()
  await page.getByRole('banner').or(page.locator('header')).getByText('Offline').first().waitFor()
  expect(await read.boundingBox()).toEqual(before)
  await write(page, 'written offline')
  await page.getByText('Waiting for the connection').first().waitFor()
  await context.setOffline(false)
  await page.getByText('Live', { exact: true }).waitFor()
  await expect.poll(() => shownTexts(page)).toEqual(['read this', 'written offline'])
  await expect.poll(() => page.getByText('You are offline.').count()).toBe(0)
  expect(alice.errors).toEqual([])
})

test('[WEB-11] the server is gone: counts down, tries at once when asked to, and is back', async () => {
  await opened('Countdown')
  const { page } = alice
  const read = page.getByText('read this', { exact: true }).first()
  const before = await read.boundingBox()
  await harness.worker.served.kill()
  const countdown = page.getByText(/Reconnecting in \d+ s/)
  await countdown.waitFor()
  expect(await read.boundingBox()).toEqual(before)
  // The seconds are for the eye: read out, they would drown everything else.
  expect(await banner().allInnerTexts()).toContain('Connection lost. Reconnecting…')
  expect(await countdown.getAttribute('aria-hidden')).toBe('true')
  await harness.worker.restart()
  const retry = page.getByRole('button', { name: 'Retry now' })
  const live = page.getByText('Live', { exact: true })
  // It may be back before anybody presses.
  await retry.click({ timeout: 2_000 }).catch(() => live.waitFor())
  await live.waitFor()
  await expect.poll(() => retry.count()).toBe(0)
  expect(alice.errors).toEqual([])
})

test('[LIM-3] the database is away: read-only, nothing lost, and back by itself', async () => {
  await opened('Database away')
  const { page } = alice
  const name = new URL(harness.worker.database.url).pathname.slice(1)
  const admit = (allowed: boolean) =>
    runStatement(inject('postgresUrl'), `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`)
  await admit(false)
  await runStatement(
    inject('postgresUrl'),
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  )
  await write(page, 'kept until then')
  await banner().getByText('Read-only: the database does not answer').waitFor()
  await page.getByText('Read-only', { exact: true }).waitFor()
  await admit(true)
  await page.getByText('Live', { exact: true }).waitFor()
  await expect.poll(() => shownTexts(page)).toEqual(['read this', 'kept until then'])
  await expect.poll(() => page.getByText('Sending…').count()).toBe(0)
  expect(alice.errors).toEqual([])
})
