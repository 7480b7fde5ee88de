import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'
import { furnish, operator, views } from './page-views.ts'

const axe_source = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

let harness: Harness
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  const person = await harness.person('alice@muster.test')
  room = await furnish(person)
  await person.context.close()
  const { context } = await harness.person(operator)
  await harness.makeAdmin(operator)
  await context.close()
})
afterAll(() => harness.stop())

/** Rule and place of everything axe objects to. */
const violations = async (page: Page, rules?: readonly string[]): Promise<string[]> => {
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe_source)
  const options = rules === undefined ? {} : { runOnly: rules }
  const results = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}`),
  )
}

/** What the page's policy refused so far, by the browser's own account. */
const watchPolicy = async (person: Person): Promise<string[]> => {
  const refused: string[] = []
  await person.context.exposeFunction('onRefused', (what: string) => refused.push(what))
  await person.context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const told = window as unknown as { onRefused(what: string): void }
      told.onRefused(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`)
    })
  })
  return refused
}

const isSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

const sizes = [
  ['a desktop', { viewport: { width: 1280, height: 800 } }],
  ['a phone', { viewport: { width: 360, height: 740 } }],
] as const

test.each(sizes)(
  '[WEB-10] [SEC-3] %s: axe objects to nothing in either theme, all fits, the policy is kept',
  async (_name, options) => {
    const person = await harness.person('alice@muster.test', {
      ...options,
      reducedMotion: 'reduce',
    })
    const { page } = person
    await closeDetails(person)
    const refused = await watchPolicy(person)
    const stage = { person, page, room }
    for (const { name, show, hide } of views) {
      await show(stage)
      expect(await violations(page), name).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await violations(page, ['color-contrast']), `${name}, dark`).toEqual([])
      await page.emulateMedia({ colorScheme: 'light' })
      expect(await isSideways(page), name).toBe(false)
      expect(refused, name).toEqual([])
      await hide?.(stage)
    }
    expect(person.errors).toEqual([])
    await person.context.close()
  },
  240_000,
)

test('[WEB-10] a desktop at 200 %: nothing has to be scrolled sideways', async () => {
  const person = await harness.person('alice@muster.test', {
    viewport: { width: 640, height: 400 },
    reducedMotion: 'reduce',
  })
  const stage = { person, page: person.page, room }
  for (const { name, show, hide } of views) {
    await show(stage)
    expect(await isSideways(person.page), name).toBe(false)
    await hide?.(stage)
  }
  expect(person.errors).toEqual([])
  await person.context.close()
})

/** The pane that opens by itself on wide screens; each view opens what it shows. */
const closeDetails = ({ context }: Person) =>
  context.addInitScript(() => localStorage.setItem('muster.details_closed', '1'))

test('[WEB-10] nobody signed in: axe objects to nothing', async () => {
  const context = await harness.browser.newContext({
    baseURL: harness.worker.served.url,
  })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await violations(page)).toEqual([])
  await context.close()
})

test('[WEB-10] language and theme are chosen by hand and remembered', async () => {
  const person = await harness.person('alice@muster.test', { colorScheme: 'light' })
  const { page } = person
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  await page.goto('/')
  const light = await ground()
  await page.getByRole('button', { name: 'Theme: as the system' }).click()
  await page.getByRole('button', { name: 'Theme: light' }).click()
  await page.getByRole('button', { name: 'Switch to 繁體中文' }).click()
  await page.reload()
  await page.getByRole('button', { name: '主題：深色' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-TW')
  expect(await ground()).not.toBe(light)
  await person.context.close()
})

test('[SEC-3] the documentation draws under a policy of its own', async () => {
  const person = await harness.person('alice@muster.test')
  const refused = await watchPolicy(person)
  await person.page.goto('/docs')
  await person.page.getByText('/api/rooms', { exact: true }).first().waitFor()
  expect(refused).toEqual([])
  expect(person.errors).toEqual([])
  await person.context.close()
})
