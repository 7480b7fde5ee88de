/**
 * The README's pictures, taken of a running demo: `npm start` in one terminal, then
 * `npm run screenshots -- [http://localhost:8000] [folder]`.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../test/support/chromium.ts'

type Shot = {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
  readonly language: 'en' | 'zh-TW'
  readonly view: 'sign-in' | 'rooms' | 'room' | 'members'
}

const person = 'mei.lin@example.com'

const desktop = { width: 1280, height: 800 } as const
const phone = { width: 360, height: 740 } as const

const shots: readonly Shot[] = [
  { name: 'sign-in', ...desktop, scheme: 'light', language: 'en', view: 'sign-in' },
  { name: 'room', ...desktop, scheme: 'light', language: 'en', view: 'room' },
  { name: 'room-dark', ...desktop, scheme: 'dark', language: 'zh-TW', view: 'room' },
  { name: 'members', ...desktop, scheme: 'light', language: 'zh-TW', view: 'members' },
  { name: 'phone-rooms', ...phone, scheme: 'light', language: 'zh-TW', view: 'rooms' },
  { name: 'phone-room', ...phone, scheme: 'dark', language: 'en', view: 'room' },
]

const [origin = 'http://localhost:8000', folder = 'docs/images'] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const browser = await launchChromium()
try {
  for (const shot of shots) await take(browser, shot)
} finally {
  await browser.close()
}

async function take(chromium: Browser, shot: Shot): Promise<void> {
  const { width, height, scheme, language, view } = shot
  const context = await chromium.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: language,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  if (view !== 'sign-in')
    await context.request.post(`${origin}/api/auth/dev-login`, { data: { user_id: person } })
  await page.goto(origin)
  await page.waitForLoadState('networkidle')
  if (view === 'room' || view === 'members') {
    await page.locator('a[href^="/rooms/"]').first().click()
    await page.locator('[role="log"]').getByRole('article').last().waitFor()
    await page.waitForTimeout(500)
    // Where there is a little of everything: readings, a pin, reactions, replies.
    await page.getByText('漏點：出水側').first().scrollIntoViewIfNeeded()
    await page.mouse.move(0, 0)
  }
  if (view === 'members')
    await page
      .getByRole('button', { name: /成員|Members/ })
      .first()
      .click()
  await page.waitForTimeout(300)
  await page.screenshot({ path: join(folder, `${shot.name}.png`) })
  await context.close()
}
