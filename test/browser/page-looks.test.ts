import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, write, type Harness, type Person } from './page-harness.ts'

const axe_source = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())

/** Rule and place of everything axe objects to. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe_source)
  const results = (await page.evaluate('axe.run()')) as AxeResults
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}`),
  )
}

const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

const views = async (person: Person): Promise<[string, () => Promise<unknown>][]> => {
  const { page } = person
  const room = await person.createRoom({ lots: ['A12-77'], description: 'Since 06:12.' })
  return [
    [
      'the rooms',
      () =>
        page.goto('/').then(() =>
          page
            .getByRole('link', { name: /Line 3/ })
            .first()
            .waitFor(),
        ),
    ],
    ['an empty room', () => person.open(room)],
    [
      'a room',
      () =>
        write(page, 'hello https://wiki.example/a').then(() => page.getByRole('article').waitFor()),
    ],
    ['messages of all kinds', () => sayOfAllKinds(person, room)],
    [
      'what to do with a message',
      async () => {
        const row = page.getByRole('article').filter({ hasText: 'pinned words' }).first()
        await row.hover()
        await row.getByRole('button', { name: 'More actions' }).click()
        await page.getByRole('group', { name: 'More actions' }).waitFor()
      },
    ],
    [
      'an edit and a reply',
      async () => {
        const menu = page.getByRole('group', { name: 'More actions' })
        await menu.getByRole('button', { name: 'Reply' }).click()
        const row = page.getByRole('article').filter({ hasText: 'pinned words' }).first()
        await row.hover()
        await row.getByRole('button', { name: 'More actions' }).click()
        await menu.getByRole('button', { name: 'Edit', exact: true }).click()
        await page.getByRole('textbox', { name: 'Edit message' }).waitFor()
      },
    ],
    ['the members', () => page.locator('header [aria-expanded]').click()],
    [
      'a dialog',
      async () => {
        await page
          .getByRole('complementary')
          .getByRole('button', { name: /^(Close|關閉)$/ })
          .click()
        await page.getByRole('button', { name: /^(Edit room|編輯事件室)$/ }).click()
        await page.getByRole('dialog').waitFor()
      },
    ],
  ]
}

const sayOfAllKinds = async ({ user_id, page, call }: Person, { room_id }: Room) => {
  const path = `/api/rooms/${room_id}/messages`
  const say = (body: Record<string, unknown>) => call<Message>('POST', path, body)
  const pinned = await say({ content: `pinned words for @${user_id}` })
  await call('PUT', `${path}/${pinned.message_id}/pin`, {})
  await call('PUT', `${path}/${pinned.message_id}/reactions/${encodeURIComponent('👍')}`)
  await call('PATCH', `${path}/${pinned.message_id}`, { content: `pinned words @${user_id}` })
  const deleted = await say({ content: 'soon gone' })
  await call('DELETE', `${path}/${deleted.message_id}`)
  await say({ message_type: 'incident_data', content: { temperature: 81.5, alarm: true } })
  await say({ content: 'an answer', reply_to: pinned.message_id })
  await page.getByRole('article').filter({ hasText: 'an answer' }).waitFor()
}

test.each([
  ['a desktop, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['a desktop, dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  ['a phone, light', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
  ['a phone, dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
] as const)('[WEB-10] axe objects to nothing on %s, and all of it fits', async (_name, options) => {
  const person = await harness.person('alice@muster.test', { ...options, reducedMotion: 'reduce' })
  for (const [view, show] of await views(person)) {
    await show()
    expect(await violations(person.page), view).toEqual([])
    expect(await fits(person.page), view).toBe(true)
  }
  expect(person.errors).toEqual([])
  await person.context.close()
})

test('[WEB-10] nobody signed in: axe objects to nothing', async () => {
  const context = await harness.browser.newContext({
    baseURL: harness.worker.served.url,
    bypassCSP: true,
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

test("[SEC-3] the page runs under its own policy, and a message's markup stays text", async () => {
  const person = await harness.person('alice@muster.test', { bypassCSP: false })
  const refused: string[] = []
  person.page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text())
  })
  await person.open(await person.createRoom())
  await write(person.page, '<img src=x onerror="document.title=1"><b>bold</b>')
  await person.page.getByText('<b>bold</b>').first().waitFor()
  expect(await person.page.getByRole('log').locator('img, b').count()).toBe(0)
  expect(refused).toEqual([])
  await person.context.close()
})
