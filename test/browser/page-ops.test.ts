/**
 * What an admin sees of how the deployment fares (OPS-3, WEB-9): the live view and the alerts. The
 * server is spoken for here, so that there is something wrong to see; `page-ops-real` has a real one.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { axeViolations } from './axe-violations.ts'
import { aRule, anAlert, fakeOps, someNow, type OpsFake } from './ops-fake.ts'
import { eventually, startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let page: Page
let fake: OpsFake
beforeAll(async () => {
  harness = await startHarness()
  const first = await harness.person('alice@muster.test')
  await harness.makeAdmin('alice@muster.test')
  await first.context.close()
})
afterAll(() => harness.stop())

const enter = async (options = {}) => {
  await alice?.context.close()
  alice = await harness.person('alice@muster.test', { reducedMotion: 'reduce', ...options })
  page = alice.page
  fake = await fakeOps(page)
}
beforeEach(() => enter())

const chart = (title: string) => page.getByRole('slider', { name: title, exact: true })
const card = (title: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name: title, exact: true }) })
const figure = (name: string) => page.getByRole('term').filter({ hasText: name }).locator('..')
const verdict = () => page.getByRole('region', { name: 'Where does the time go?' })

test('[OPS-3] what fires is at the top with what to do, the worst first, and is acknowledged', async () => {
  fake.now = someNow({
    alerts: [
      anAlert('pool_waits', { threshold: 250 }),
      anAlert('callers_turned_away', { severity: 'critical', unit: 'per_min', value: 14 }),
      anAlert('not_known_here'),
    ],
  })
  await page.goto('/ops')
  await page.getByRole('heading', { name: '3 alerts fire' }).waitFor()
  const alerts = page.getByRole('region', { name: 'Alerts that fire' }).getByRole('article')
  await alerts.first().getByRole('heading', { name: 'Callers are turned away' }).waitFor()
  await alerts.first().getByText('now 14/min').waitFor()
  await alerts.nth(1).getByText('fires from 250 ms').waitFor()
  // A newer server may know rules that the page does not.
  await alerts.nth(2).getByText('The server says what to do.').waitFor()
  const runbook = alerts.nth(1).getByRole('link', { name: /Runbook/ })
  expect(await runbook.getAttribute('href')).toBe(
    'https://docs.example/operations#alert-pool_waits',
  )
  await alerts
    .nth(1)
    .getByRole('button', { name: /^Acknowledge/ })
    .click()
  await alerts.getByText('Acknowledged by alice@muster.test').waitFor()
  expect(fake.acknowledged).toEqual(['id-of-pool_waits'])
  expect(await axeViolations(page)).toEqual([])
  fake.now = someNow()
  await page.getByRole('status').getByText('Nothing fires').waitFor()
  expect(alice.errors).toEqual([])
})

test('[OPS-3] the figures of now, and a verdict that leads to the setting to change', async () => {
  await page.goto('/ops')
  await figure('Messages').getByText('33/s').waitFor()
  await figure('Commit, p99').getByText('1.2 s').waitFor()
  await figure('Sockets').getByText('602').waitFor()
  await figure('Degradation').getByText('2 of 5').waitFor()
  await figure('Degradation').getByText('left out: typing and presence').waitFor()
  await verdict().getByText('the pool is too small').waitFor()
  await verdict().getByRole('link', { name: 'Change the pool' }).click()
  await eventually(() => new URL(page.url()).pathname).toBe('/ops/configuration')
  expect(alice.errors).toEqual([])
})

test('[OPS-3] one moment is shown in all charts at once, by mouse and by keyboard', async () => {
  await page.goto('/ops')
  await chart('Commit latency').waitFor()
  const waiting = card('Connection pool').getByRole('button', { name: /^Waiting/ })
  await waiting.getByText('41', { exact: true }).waitFor()
  await chart('Where the time goes, p99').hover({ position: { x: 120, y: 60 } })
  await waiting.getByText('0', { exact: true }).waitFor()
  await page.mouse.move(0, 0)
  await waiting.getByText('41', { exact: true }).waitFor()
  await chart('Commit latency').focus()
  await page.keyboard.press('Home')
  await waiting.getByText('0', { exact: true }).waitFor()
  expect(await chart('Commit latency').getAttribute('aria-valuetext')).toMatch(
    /^\d\d:\d\d:\d\d: .*p99 21\sms/u,
  )
  await page.keyboard.press('End')
  await waiting.getByText('41', { exact: true }).waitFor()
  expect(alice.errors).toEqual([])
})

test('[OPS-3] one gateway alone, a line left out, and the same as a table', async () => {
  await page.goto('/ops')
  const pool = card('Connection pool')
  await pool.getByRole('combobox', { name: 'Gateway shard' }).selectOption('Shard 1')
  const waiting = pool.getByRole('button', { name: /^Waiting/ })
  await waiting.getByText('21', { exact: true }).waitFor()
  await waiting.click()
  expect(await waiting.getAttribute('aria-pressed')).toBe('false')
  await pool.getByText('As a table').click()
  const table = pool.getByRole('table')
  await table.getByRole('row').nth(1).getByText('21', { exact: true }).waitFor()
  expect(await table.getByRole('row').count()).toBe(181)
  // What nobody measured is no nought.
  expect(await table.getByText('–', { exact: true }).count()).toBeGreaterThan(0)
  await card('Accept latency').getByText('Nothing measured in this range.').waitFor()
  expect(alice.errors).toEqual([])
})

const seriesAsked = (range_s: number) =>
  fake.asked.filter((query) => query.get('range_s') === String(range_s))

test('[OPS-3] another range is asked for; a paused view asks for nothing and keeps its end', async () => {
  await page.goto('/ops')
  await chart('Commit latency').waitFor()
  await page.getByText('1 h', { exact: true }).click()
  await eventually(() => seriesAsked(3_600).length).toBeGreaterThan(0)
  await eventually(() => seriesAsked(3_600).length).toBeGreaterThan(1)
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText(/^Paused at/).waitFor()
  const before = fake.asked.length
  await page.waitForTimeout(7_000)
  expect(fake.asked.length).toBe(before)
  await page.getByText('6 h', { exact: true }).click()
  await eventually(() => seriesAsked(21_600).length).toBe(1)
  expect(Number(seriesAsked(21_600)[0]?.get('until'))).toBe(Date.parse(fake.now?.at ?? ''))
  await page.getByRole('button', { name: 'Resume' }).click()
  await eventually(() => seriesAsked(21_600).length).toBeGreaterThan(1)
  expect(seriesAsked(21_600).at(-1)?.get('until')).toBeNull()
  expect(alice.errors).toEqual([])
})

test('[OPS-3] nobody looks: nothing is asked; somebody looks again: at once', async () => {
  await page.addInitScript(() => {
    const shown = { state: 'visible' }
    Object.defineProperty(document, 'visibilityState', { get: () => shown.state })
    Object.assign(window, {
      look: (state: string) => {
        shown.state = state
        document.dispatchEvent(new Event('visibilitychange'))
      },
    })
  })
  await page.goto('/ops')
  await chart('Commit latency').waitFor()
  await page.evaluate("look('hidden')")
  const before = fake.asked.length
  await page.waitForTimeout(7_000)
  expect(fake.asked.length).toBe(before)
  await page.evaluate("look('visible')")
  await eventually(() => fake.asked.length).toBeGreaterThan(before)
  expect(alice.errors).toEqual([])
})

test('[OPS-3] a failure keeps the last figures and says how old they are', async () => {
  await page.goto('/ops')
  await chart('Commit latency').waitFor()
  fake.now = undefined
  const note = page.getByRole('alert').filter({ hasText: 'The figures could not be loaded.' })
  await note.getByText(/Shown are those of \d\d:\d\d:\d\d/).waitFor()
  expect(await chart('Commit latency').count()).toBe(1)
  fake.now = someNow()
  await note.getByRole('button', { name: 'Retry' }).click()
  await note.waitFor({ state: 'detached' })
  expect(alice.errors).toEqual([])
})

test('[OPS-2] every rule with how it stands, and the history, narrowed', async () => {
  const firing = anAlert('pool_waits', { threshold: 250 })
  fake.alerts = {
    firing: [firing],
    rules: [
      { ...aRule('commit_slow'), state: 'pending', value: 510 },
      { ...aRule('queue_age', { unit: 's', threshold: 30 }), state: 'ok', value: null },
      { ...aRule('pool_waits'), state: 'firing', value: 812 },
    ],
  }
  const since = new Date(Date.now() - 7_200_000).toISOString()
  const resolved_at = new Date(Date.now() - 6_600_000).toISOString()
  const over = { state: 'resolved', since, resolved_at } as const
  fake.history = [firing, anAlert('database_away', { ...over, unit: 'gateways', worst: 2 })]
  await page.goto('/ops/alerts')
  const rules = page.getByRole('table').first().getByRole('row')
  await rules.nth(1).getByText('Firing', { exact: true }).waitFor()
  await rules.nth(2).getByText('Pending', { exact: true }).waitFor()
  await rules
    .nth(3)
    .getByText(/^30\ss/u)
    .first()
    .waitFor()
  const history = page.getByRole('region', { name: 'History', exact: true }).first()
  await history.getByRole('row').filter({ hasText: 'The database does not answer' }).waitFor()
  await history.getByText('10 min', { exact: true }).waitFor()
  await history.getByText('Firing', { exact: true }).click()
  await eventually(() => history.getByRole('row').count()).toBe(2)
  await history.getByLabel('Rule').selectOption('The database does not answer')
  await history.getByText('None of these.').waitFor()
  await page.getByRole('button', { name: /^Acknowledge/ }).click()
  await eventually(() => fake.acknowledged).toEqual(['id-of-pool_waits'])
  expect(await axeViolations(page)).toEqual([])
  expect(alice.errors).toEqual([])
})

test('[WEB-10] [OPS-3] a phone in the other language and the dark: all fits, axe objects to nothing', async () => {
  await enter({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'zh-TW' })
  fake.now = someNow({ alerts: [anAlert('pool_waits'), anAlert('degraded')] })
  fake.alerts = {
    firing: fake.now.alerts,
    rules: [{ ...aRule('pool_waits'), state: 'firing', value: 812 }],
  }
  fake.history = fake.now.alerts
  await page.goto('/ops')
  await page.getByRole('slider', { name: '寫入延遲' }).waitFor()
  await page.getByRole('heading', { name: '等待資料庫連線的時間過長' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(await overflowing()).toEqual([])
  await page.getByRole('link', { name: '警示', exact: true }).click()
  await page.getByRole('heading', { name: '歷史紀錄' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(await overflowing()).toEqual([])
  expect(alice.errors).toEqual([])
})

/** Elements that stick out of the view, or text that is cut off. */
const overflowing = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('#content *')]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .filter((element) => element.closest('[role=region][tabindex]') === null)
      .map((element) => element.outerHTML.slice(0, 120)),
  )

test('[OPS-3] who is no admin is told so, and asks for nothing', async () => {
  const bob = await harness.person('bob@muster.test')
  const bobs = await fakeOps(bob.page)
  await bob.page.goto('/ops')
  await bob.page.getByText('Only for admins').waitFor()
  expect(bobs.asked).toEqual([])
  await bob.context.close()
})
