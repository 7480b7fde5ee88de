/**
 * The operations views over a real server under real load (OPS-3): what rooms, gateways and
 * collectors measured is what the page draws, and what is too small is called so.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AlertList } from '../../src/protocol/alerts.ts'
import type { OperationsNow, SeriesRange } from '../../src/protocol/operations.ts'
import type { Room } from '../../src/protocol/room.ts'
import { axeViolations } from './axe-violations.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let rooms: readonly Room[]
beforeAll(async () => {
  harness = await startHarness({ DB_GATEWAY_SHARDS: '1', COLLECTOR_SHARDS: '1' })
  alice = await harness.person('alice@muster.test', { reducedMotion: 'reduce' })
  await harness.makeAdmin('alice@muster.test')
  rooms = await Promise.all(
    Array.from({ length: 4 }, (_, n) => alice.createRoom({ title: `Press ${n} stopped` })),
  )
})
afterAll(() => harness.stop())

/** What is reported every few seconds, gathered, sampled, asked for and drawn, on a busy machine. */
const soon = { timeout: 60_000, interval: 500 }

/** In every room, again as soon as the last was answered. */
const talk = (person: Person) => {
  const over = new AbortController()
  let said = 0
  const talks = rooms.map(async ({ room_id }) => {
    while (!over.signal.aborted) {
      await person.call('POST', `/api/rooms/${room_id}/messages`, { content: `said ${said}` })
      said += 1
      await new Promise((go_on) => setTimeout(go_on, 100))
    }
  })
  return {
    said: () => said,
    stop: async () => {
      over.abort()
      await Promise.all(talks)
    },
  }
}

/** Several waits for what comes every few seconds, one after the other. */
const several_waits_ms = 240_000

test(
  '[OPS-3] [WEB-9] what is said is measured, and what is measured is drawn',
  async () => {
    const { page } = alice
    const [first] = rooms
    const bob = await harness.person('bob@muster.test')
    await alice.call('POST', `/api/rooms/${first?.room_id}/members`, {
      user_id: 'bob@muster.test',
      role: 'viewer',
    })
    if (first) await bob.open(first)
    const talking = talk(alice)
    try {
      await page.goto('/ops')
      const card = (title: string) =>
        page
          .getByRole('article')
          .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
      for (const title of [
        'Messages by lane',
        'Where the time goes, p99',
        'Commit latency',
        'Broadcast latency',
        'Sockets and rooms',
        'Connection pool',
        'Deliveries and requests',
      ])
        await card(title).getByRole('slider').waitFor({ timeout: soon.timeout })
      const figure = (name: string) =>
        page.getByRole('term').filter({ hasText: name }).locator('..').locator('.value')
      await expect.poll(() => figure('Messages').textContent(), soon).toMatch(/^[1-9][\d.]*\/s$/u)
      await expect.poll(() => figure('Commit').textContent(), soon).toMatch(/^[\d.]+\s(ms|s)$/u)
      await expect.poll(() => figure('Broadcast').textContent(), soon).toMatch(/^[\d.]+\s(ms|s)$/u)
      await expect.poll(() => figure('Sockets').textContent(), soon).toMatch(/^[1-9]\d*$/u)
      await page
        .getByRole('region', { name: 'Hottest rooms' })
        .getByRole('link', { name: /^Press \d stopped$/ })
        .first()
        .waitFor({ timeout: soon.timeout })
      expect(
        await page.getByRole('region', { name: 'Slow statements' }).getByRole('row').count(),
      ).toBeGreaterThan(1)

      // Drawn is what the server has, and that is what was said: a little less, as some is on its way.
      const range = await alice.call<SeriesRange>('GET', '/api/admin/series?range_s=300')
      const per_s = range.series.find(({ name }) => name === 'said')?.values ?? []
      const counted = per_s.reduce<number>((sum, v) => sum + ((v ?? 0) * range.step_ms) / 1_000, 0)
      expect(counted).toBeGreaterThan(0)
      expect(counted).toBeLessThanOrEqual(talking.said() + 1)
      expect(await axeViolations(page)).toEqual([])
    } finally {
      await talking.stop()
      await bob.context.close()
    }
    expect(alice.errors).toEqual([])
  },
  several_waits_ms,
)

test('[OPS-2] [WEB-9] every rule of the server has its name on the page, and stands somewhere', async () => {
  const { page } = alice
  const { rules } = await alice.call<AlertList>('GET', '/api/admin/alerts')
  await page.goto('/ops/alerts')
  const table = page.getByRole('region', { name: 'Rules', exact: true }).getByRole('table')
  await table.waitFor({ timeout: soon.timeout })
  expect(await table.getByRole('row').count()).toBe(rules.length + 1)
  // The server's own sentence would stand there for a rule that the page does not know.
  for (const { title } of rules)
    expect(await table.getByText(title, { exact: true }).count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
  expect(alice.errors).toEqual([])
})

test('[OPS-3] the live view says what the server says of itself', async () => {
  const { page } = alice
  await page.goto('/ops')
  const now = await alice.call<OperationsNow>('GET', '/api/admin/operations')
  await page.getByText(`configuration ${now.configuration_version}`).waitFor()
  const pools = page.getByRole('region', { name: 'Pool per gateway shard' }).first()
  await pools.getByRole('row').nth(1).waitFor()
  expect(await pools.getByRole('row').count()).toBe(now.readiness.pool.shards.length + 1)
  expect(alice.errors).toEqual([])
})
