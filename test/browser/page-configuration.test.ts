/** The configuration as operators change it (OPS-4, WEB-9): seen, reviewed, applied, undone. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type {
  ChangedConfiguration,
  Configuration,
  ConfigurationHistory,
  ConfigurationValue,
} from '../../src/protocol/configuration.ts'
import type { DatabaseFigures } from '../../src/protocol/database-figures.ts'
import { axeViolations } from './axe-violations.ts'
import { eventually, startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
let page: Page
beforeAll(async () => {
  harness = await startHarness()
  for (const user_id of ['alice@muster.test', 'bob@muster.test']) {
    const { context } = await harness.person(user_id)
    await harness.makeAdmin(user_id)
    await context.close()
  }
})
afterAll(() => harness.stop())

beforeEach(async () => {
  await Promise.all([alice, bob].map((person) => person?.context.close()))
  alice = await harness.person('alice@muster.test', { reducedMotion: 'reduce' })
  bob = await harness.person('bob@muster.test')
  page = alice.page
  const { version } = await configuration()
  if (version > 0) await bob.call('POST', '/api/admin/config/rollback', { version: 0 })
})

const configuration = () => bob.call<Configuration>('GET', '/api/admin/config')

/** Somebody else changes it. */
const change = async (
  values: Readonly<Record<string, ConfigurationValue | null>>,
  note = '',
): Promise<ChangedConfiguration> => {
  const { version: expected_version } = await configuration()
  return bob.call('PUT', '/api/admin/config', { values, expected_version, note })
}

/** What the gateways keep open, all together. */
const poolSizes = async () => {
  const { shards } = await bob.call<DatabaseFigures>('GET', '/api/admin/database')
  const pools = shards.flatMap(({ primary }) => (primary === null ? [] : [primary]))
  // A gateway that nothing has asked yet has no pool.
  return pools.length === shards.length ? pools.reduce((sum, { min }) => sum + min, 0) : undefined
}

/** So that every gateway has served somebody. */
const wakeGateways = async () => {
  for (let n = 0; n < 12 && (await poolSizes()) === undefined; n += 1) await bob.createRoom()
  expect(await poolSizes()).toBeDefined()
}

const open = async () => {
  await page.goto('/ops/configuration')
  await field('Pool size, connections').waitFor()
}

const setting = (name: string): Locator => page.getByRole('article', { name, exact: true })
const field = (name: string): Locator => page.getByRole('textbox', { name, exact: true })
const press = (name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()
const review = (): Locator => page.getByRole('dialog', { name: 'Review before it takes effect' })
const unapplied = (): Locator => page.getByRole('region', { name: 'Changes that are not applied' })
const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())

test('[OPS-4] [WEB-9] the pool is changed, reviewed, in force, and undone in one action', async () => {
  await wakeGateways()
  const before = (await configuration()).version
  await open()
  await setting('Pool size').getByText('1 to 500').waitFor()
  await setting('Pool size')
    .getByText(/^(Default|Environment)$/)
    .waitFor()
  await field('Pool size, connections').fill('26')
  await setting('Pool size').getByText('In force: 20 connections').waitFor()
  await unapplied().getByText('1 change').waitFor()
  // Nothing takes effect by typing, nor by looking.
  await press('Review…')
  await review().getByText('from 20 connections to 26 connections').waitFor({ state: 'attached' })
  await review().getByText('+30%').waitFor()
  expect((await configuration()).version).toBe(before)
  expect(await axeViolations(page)).toEqual([])
  await review().getByLabel('Why').fill('Sends wait for a connection')
  await press('Apply')
  const applied = page.getByRole('status').filter({ hasText: 'is applied' })
  await applied.getByText(/in force everywhere within 5 seconds/).waitFor()
  await eventually(poolSizes).toBe(26)
  await setting('Pool size').getByText('Set by operators').waitFor()
  await setting('Pool size').getByText('Otherwise: 20 connections (default)').waitFor()
  const { versions } = await bob.call<ConfigurationHistory>('GET', '/api/admin/config/history')
  expect(versions[0]).toMatchObject({
    changed_by: alice.user_id,
    note: 'Sends wait for a connection',
    changes: [{ name: 'db_pool_size', from: 20, to: 26 }],
  })
  expect(await axeViolations(page)).toEqual([])

  await press('Undo this change')
  await page.getByRole('status').filter({ hasText: 'Undone' }).waitFor()
  await eventually(poolSizes).toBe(20)
  expect(await field('Pool size, connections').inputValue()).toBe('20')
  expect(alice.errors).toEqual([])
})

test('[OPS-4] a value out of bounds is refused as one types, and nothing can be applied', async () => {
  await open()
  const size = field('Pool size, connections')
  for (const [text, said] of [
    ['501', 'At most 500.'],
    ['0', 'At least 1.'],
    ['2.5', 'Enter a whole number.'],
    ['many', 'Enter a number, like 250 or 0.5.'],
  ] as const) {
    await size.fill(text)
    await setting('Pool size').getByText(said).waitFor()
    expect(await size.getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByRole('button', { name: 'Review…' }).count()).toBe(0)
  }
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('heartbeat')
  expect(await size.count()).toBe(0)
  await press('Show the problem')
  await eventually(() => size.evaluate((e) => e === document.activeElement)).toBe(true)
  await press('Undo: Pool size')
  expect(await size.inputValue()).toBe('20')
  expect(await unapplied().count()).toBe(0)

  await field('Level 3').first().fill('100')
  await page.getByText('Level 3 has to be above level 2.').waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(alice.errors).toEqual([])
})

test('[OPS-4] what settings have to do with each other is judged by the server, at the setting', async () => {
  await open()
  await field('Wait for a heartbeat, ms').fill('31000')
  await press('Review…')
  const said = /“Wait for a heartbeat” is 31000; it must be less than “Pause between heartbeats”/
  await review().getByRole('alert').getByText(said).waitFor()
  expect(await review().getByRole('button', { name: 'Apply' }).count()).toBe(0)
  await press('Show the problem')
  await setting('Wait for a heartbeat').getByText(said).waitFor()
  const timeout = field('Wait for a heartbeat, ms')
  await eventually(() => timeout.evaluate((e) => e === document.activeElement)).toBe(true)
  // It may be mended at the other one.
  await field('Pause between heartbeats, ms').fill('40000')
  await press('Review…')
  await review().getByText('+33%').waitFor()
  await page.keyboard.press('Escape')
  await review().waitFor({ state: 'detached' })
  expect((await configuration()).values['heartbeat_timeout_ms']).toBe(10_000)
  expect(alice.errors).toEqual([])
})

test('[OPS-4] somebody was faster: their change beside mine, and what does not collide goes on', async () => {
  await open()
  await field('Pool size, connections').fill('70')
  await field('Wait for a connection, s').fill('4')
  await change({ db_pool_size: 24, db_slow_ms: 300 }, 'The second gateway is up')
  await press('Review…')
  const theirs = page.getByRole('region', { name: /^Somebody else changed/ })
  await theirs.getByText(/^bob@muster\.test made version \d+: The second gateway is up/).waitFor()
  await eventually(() => theirs.evaluate((e) => e === document.activeElement)).toBe(true)
  const decision = theirs.getByRole('group', { name: 'Pool size' })
  expect(await decision.locator('dd').allTextContents()).toEqual([
    '20 connections',
    '24 connections',
    '70 connections',
  ])
  await theirs.getByText('from 500 ms to 300 ms').waitFor({ state: 'attached' })
  expect(await review().count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
  // Theirs stands until somebody decides; the rest can go on.
  expect(await field('Pool size, connections').inputValue()).toBe('24')
  expect(await field('Wait for a connection, s').inputValue()).toBe('4')
  await press('Review…')
  await review().getByText('from 10 s to 4 s').waitFor({ state: 'attached' })
  expect(await review().getByText('Pool size').count()).toBe(0)
  await press('Apply')
  await page.getByRole('status').filter({ hasText: 'is applied' }).waitFor()
  expect((await configuration()).values).toMatchObject({ db_pool_size: 24, db_pool_timeout: 4 })

  await press('Use mine: Pool size')
  expect(await field('Pool size, connections').inputValue()).toBe('70')
  await press('Review…')
  await press('Apply')
  await eventually(async () => (await configuration()).values['db_pool_size']).toBe(70)
  expect(alice.errors).toEqual([])
})

test('[OPS-4] an undo does not take away what somebody else did since', async () => {
  await open()
  await field('Slow statement, ms').fill('300')
  await press('Review…')
  await press('Apply')
  await page.getByRole('button', { name: 'Undo this change' }).waitFor()
  await change({ db_pool_size: 24 })
  await press('Undo this change')
  await page
    .getByRole('alert')
    .getByText(/^It was not undone/)
    .waitFor()
  expect((await configuration()).values).toMatchObject({ db_pool_size: 24, db_slow_ms: 300 })
})

test('[OPS-4] back to default, a choice, and only what operators have set', async () => {
  await change({ db_pool_size: 24, commit_mode: 'group' })
  await open()
  await page.getByText('Set by operators 2').click()
  expect(await page.getByRole('article').count()).toBe(2)
  await press('Back to default: Pool size')
  expect(await field('Pool size, connections').inputValue()).toBe('20')
  await page
    .getByRole('combobox', { name: 'How messages are committed' })
    .selectOption({ label: 'Each by itself' })
  await page.getByText('My edits 2').click()
  await press('Review…')
  await review().getByText('back to default').first().waitFor()
  await press('Apply')
  await page.getByRole('status').filter({ hasText: 'is applied' }).waitFor()
  const { settings } = await configuration()
  expect(settings.filter(({ source }) => source === 'runtime')).toEqual([])
  expect(alice.errors).toEqual([])
})

test('[OPS-4] the history: who, why and what; any version is rolled back to, reviewed first', async () => {
  const first = await change({ db_pool_size: 24 }, 'More callers')
  await change({ db_pool_size: 22, db_slow_ms: 300 }, 'Too many')
  await open()
  await press('Version history')
  const versions = page.getByRole('list', { name: 'Version history' }).locator('> li')
  const newest = versions.first()
  await newest.getByText('Too many').waitFor()
  await newest.getByText('bob@muster.test').waitFor()
  await newest.getByText('In force', { exact: true }).waitFor()
  await newest.getByText('from 24 connections to 22 connections').waitFor({ state: 'attached' })
  expect(await axeViolations(page)).toEqual([])
  await press(`Roll back to this version: Version ${first.version}`)
  const dialog = page.getByRole('dialog', { name: `Roll back to version ${first.version}` })
  await dialog.getByText('from 22 connections to 24 connections').waitFor({ state: 'attached' })
  expect((await configuration()).values['db_pool_size']).toBe(22)
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await newest.getByText(`Rolled back to version ${first.version}`).waitFor()
  expect((await configuration()).values).toMatchObject({ db_pool_size: 24, db_slow_ms: 500 })
  expect(alice.errors).toEqual([])
})

test('[OPS-4] [WEB-10] leaving with edits asks, by a link, by going back, and by a reload', async () => {
  await page.goto('/ops')
  await page.getByRole('link', { name: 'Configuration', exact: true }).click()
  await field('Pool size, connections').fill('26')
  const dialog = page.getByRole('dialog', { name: 'Leave without applying?' })
  await page.getByRole('link', { name: 'Alerts', exact: true }).click()
  await dialog.getByRole('button', { name: 'Stay' }).click()
  expect(new URL(page.url()).pathname).toBe('/ops/configuration')
  expect(await field('Pool size, connections').inputValue()).toBe('26')
  await page.evaluate(() => window.history.back())
  await dialog.waitFor()
  await eventually(() => new URL(page.url()).pathname).toBe('/ops/configuration')
  await dialog.getByRole('button', { name: 'Stay' }).click()
  const asked: string[] = []
  page.on('dialog', (one) => {
    asked.push(one.type())
    void one.dismiss()
  })
  await page.reload({ timeout: 2_000 }).catch(() => {})
  expect(asked).toEqual(['beforeunload'])
  expect(await field('Pool size, connections').inputValue()).toBe('26')
  await page.evaluate(() => window.history.back())
  await dialog.getByRole('button', { name: 'Discard and leave' }).click()
  await eventually(() => new URL(page.url()).pathname).toBe('/ops')
  expect(await dialog.count()).toBe(0)
  expect(alice.errors).toEqual([])
})

test('control: leaving without edits asks nothing', async () => {
  await open()
  await page.getByRole('link', { name: 'Alerts', exact: true }).click()
  await eventually(() => new URL(page.url()).pathname).toBe('/ops/alerts')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('[OPS-4] [WEB-10] all of it by keyboard: found, changed, reviewed, applied, undone', async () => {
  await open()
  await page.getByRole('searchbox', { name: 'Find a setting' }).focus()
  // The alert that speaks of it is found, too.
  await page.keyboard.type('DB_SLOW')
  await eventually(() => page.getByRole('article').count()).toBe(2)
  const slow = field('Slow statement, ms')
  for (let n = 0; n < 12; n += 1) {
    if (await slow.evaluate((e) => e === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Control+a')
  await page.keyboard.type('350')
  for (let n = 0; n < 12 && (await focused()) !== 'Review…'; n += 1)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await review().getByText('-30%').waitFor()
  // The note has the focus.
  await page.keyboard.type('by hand')
  for (let n = 0; n < 4 && (await focused()) !== 'Apply'; n += 1) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'is applied' }).waitFor()
  await eventually(async () => (await configuration()).values['db_slow_ms']).toBe(350)
  // It goes on where the news is, not at the top of the page.
  await eventually(() => focused()).toMatch(/is applied/)
  for (let n = 0; n < 4 && (await focused()) !== 'Undo this change'; n += 1)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'Undone' }).waitFor()
  expect((await configuration()).values['db_slow_ms']).toBe(500)
  expect(alice.errors).toEqual([])
})

test('[OPS-4] [WEB-10] in Chinese the settings have their names and helps', async () => {
  const mei = await harness.person('alice@muster.test', { locale: 'zh-TW' })
  await mei.page.goto('/ops/configuration')
  const pool = mei.page.getByRole('article', { name: '連線池大小' })
  await pool.getByText(/首次使用時開啟並持續保留/).waitFor()
  await pool.getByRole('textbox').fill('501')
  await pool.getByText('不得大於 500。').waitFor()
  expect(await axeViolations(mei.page)).toEqual([])
  await mei.context.close()
})

test('[OPS-4] only admins see it, and one that cannot be loaded is asked for again', async () => {
  await harness.person('carol@muster.test').then(async (carol) => {
    await carol.page.goto('/ops/configuration')
    await carol.page.getByText('Only for admins').waitFor()
    await carol.context.close()
  })
  await page.route('**/api/admin/config', (route) => route.abort(), { times: 1 })
  await page.goto('/ops/configuration')
  await page
    .getByRole('alert')
    .filter({ hasText: 'The configuration could not be loaded.' })
    .getByRole('button', { name: 'Retry' })
    .click()
  await field('Pool size, connections').waitFor()
})
