/** Every view around the text one writes, in both themes and sizes: axe, and no sideways scrolling. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { axeViolations } from './axe-violations.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  room = await alice.createRoom({ title: '三號線：晶圓搬運機停機' })
  // Enough that the list of them has to scroll.
  await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      const user_id = `person-${n}@muster.test`
      const origin = new URL(harness.worker.served.url).origin
      await fetch(`${origin}/api/auth/dev-login`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ user_id }),
      })
      await alice.call('POST', `/api/rooms/${room.room_id}/members`, { user_id, role: 'viewer' })
    }),
  )
})
afterAll(() => harness.stop())

const views = (page: Page): [string, () => Promise<unknown>][] => [
  [
    'the list of people',
    async () => {
      await page.locator('[data-composer] textarea').click()
      await page.keyboard.type('@nobody @')
      await page.getByRole('option').nth(8).waitFor({ state: 'attached' })
    },
  ],
  [
    'a mention, and one that reached nobody',
    async () => {
      await page.keyboard.press('Enter')
      await page.locator('[data-composer] button[type=submit]').click()
      await page.locator('[data-composer]').getByText('@nobody').waitFor()
    },
  ],
  [
    'all actions',
    async () => {
      await page.locator('[data-composer] [aria-expanded=false]').click()
      await page.getByRole('toolbar').waitFor()
    },
  ],
  [
    'files of every state',
    async () => {
      await page.route('**/files', () => new Promise(() => {}))
      await page.locator('input[type=file]').setInputFiles([
        { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.from('') },
        {
          name: 'a name of a file that is long.txt',
          mimeType: 'text/plain',
          buffer: Buffer.from('x'),
        },
      ])
      await page.getByRole('progressbar').waitFor()
    },
  ],
  [
    'readings with problems',
    async () => {
      await page
        .getByRole('toolbar')
        .getByRole('button', { name: /Readings|量測值/ })
        .click()
      await page.getByRole('dialog').waitFor()
      await page.keyboard.type('a.b')
      await page.keyboard.press('Control+Enter')
      await page.locator('[aria-invalid=true]').first().waitFor()
    },
  ],
  [
    'the shortcuts',
    async () => {
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.keyboard.press('Control+/')
      await page.getByRole('dialog').locator('kbd').first().waitFor()
    },
  ],
]

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const

test.each([
  ['a desktop, light', { colorScheme: 'light' }],
  ['a desktop, dark, in Chinese', { colorScheme: 'dark', locale: 'zh-TW' }],
  ['a phone, light', { ...phone, colorScheme: 'light' }],
] as const)(
  '[WEB-10] writing on %s: axe objects to nothing, all of it fits',
  async (_, options) => {
    const { page, errors, context } = await harness.person(alice.user_id, options)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(`/rooms/${room.room_id}`)
    for (const [name, show] of views(page)) {
      await show()
      expect([name, await axeViolations(page)]).toEqual([name, []])
      const is_wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      expect([name, is_wide]).toEqual([name, false])
    }
    expect(errors).toEqual([])
    await context.close()
  },
)
