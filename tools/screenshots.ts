/**
 * The README's pictures, taken of a running demo: `npm start` in one terminal, then
 * `npm run screenshots -- [http://localhost:8000] [folder]`. A view that does not come is named,
 * and the others are taken all the same.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../test/support/chromium.ts'
import { oneLine } from './one-line.ts'

type Shot = {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
  readonly language: 'en' | 'zh-TW'
  /** From the list of rooms to what is to be seen; without it nobody is signed in. */
  readonly show?: (page: Page) => Promise<unknown>
}

/** Two seconds; what moves for longer moves for ever. */
const SETTLING_MAX_FRAMES = 120

const person = 'mei.lin@example.com'

const desktop = { width: 1440, height: 900 } as const
const phone = { width: 390, height: 844 } as const
const light = { scheme: 'light', language: 'en' } as const
const dark_chinese = { scheme: 'dark', language: 'zh-TW' } as const

/** Names as they are in both languages. */
const names = {
  pins: /^(Pinned|已釘選)$/,
  search: /^(Search|搜尋)$/,
  record: /^(Record|紀錄)/,
  report: /^(Report|報告)/,
  notifications: /^(Notifications|通知)$/,
  more: /^(More|更多)$/,
  actions: /^(More actions of the room|更多事件室操作)$/,
  later: /^(Not now|暫時不要)$/,
  find: /^(Find in all rooms|在所有事件室中尋找)$/,
}

/** A line of the demo's story with a little of everything around it. */
const scene = '漏點：出水側'

const openRoom = async (page: Page) => {
  await page.locator('a[href^="/rooms/"]').first().click()
  const log = page.getByRole('log')
  await log.getByRole('article').last().waitFor()
  await page.getByText(/^(Live|即時)$/).waitFor({ state: 'attached' })
  await page.getByRole('button', { name: names.later }).click()
}

const openScene = async (page: Page) => {
  await openRoom(page)
  const line = page.getByRole('log').getByText(scene).first()
  await page.getByRole('log').hover()
  // It may be on a page of history that comes when one scrolls up to it.
  for (let turn = 0; turn < 20 && (await line.count()) === 0; turn += 1) {
    await page.mouse.wheel(0, -2_000)
    await line.waitFor({ state: 'attached', timeout: 500 }).catch(() => {})
  }
  await line.scrollIntoViewIfNeeded()
  await page.mouse.move(0, 0)
}

const act = async (page: Page, name: RegExp) => {
  const header = page
    .getByRole('region')
    .locator('header')
    .filter({ has: page.locator('h1') })
  const button = header.getByRole('button', { name })
  if (await button.isVisible()) return button.click()
  await header.getByRole('button', { name: names.more }).click()
  return page.getByRole('menuitem', { name }).click()
}

const pane = (name: RegExp) => async (page: Page) => {
  await openScene(page)
  await act(page, name)
  await page.getByRole('complementary').getByRole('heading', { name }).first().waitFor()
}

const checkedRecord = async (page: Page) => {
  await pane(names.record)(page)
  await page.getByText('The record is whole').waitFor()
}

const dialog = (name: RegExp) => async (page: Page) => {
  await openScene(page)
  await act(page, name)
  await page.getByRole('dialog').waitFor()
}

const findEverywhere = async (page: Page) => {
  await page.getByRole('button', { name: names.find }).click()
  await page.locator('#content').getByRole('searchbox').fill('A12-77')
  await page.locator('mark').first().waitFor()
}

/** Some that arrive and some that cannot, so that there is something of each. */
const oneWayMessages = async (page: Page) => {
  const room_id = (await page.locator('a[href^="/rooms/"]').first().getAttribute('href'))?.slice(7)
  const posted = [
    { recipient: { type: 'room', id: room_id }, priority: 'high' },
    { recipient: { type: 'user', id: 'james.wu@example.com' }, priority: 'normal' },
    { recipient: { type: 'user', id: 'nobody@example.com' }, priority: 'low' },
    { recipient: { type: 'email', id: 'quality@example.com' }, priority: 'normal' },
    { recipient: { type: 'whatsapp', id: '+886912345678' }, priority: 'normal' },
  ]
  await page.goto('/one-way')
  for (const one of posted)
    await page.request.post('/api/messages/one-way', {
      headers: { origin },
      data: { ...one, content: '冰水主機 1 號：出口 18.2 °C', subject: 'Chiller 1' },
    })
  await page
    .getByText(/\d+ (rejected|則已退回)/)
    .first()
    .waitFor({ state: 'attached' })
}

const openActions = async (page: Page) => {
  await openRoom(page)
  await page.getByRole('button', { name: names.actions }).click()
  await page.getByRole('toolbar').waitFor()
}

/** With what the last minutes had: post to some rooms meanwhile. */
const operations = async (page: Page) => {
  await page.goto('/ops')
  await page.locator('canvas').first().waitFor()
}

const reviewedChange = async (page: Page) => {
  await page.goto('/ops/configuration')
  await page.getByRole('textbox', { name: /^(Pool size|連線池大小)/ }).fill('40')
  await page.getByRole('button', { name: /…$/ }).click()
  await page.getByRole('dialog').waitFor()
}

const shots: readonly Shot[] = [
  { name: 'sign-in', ...desktop, ...light },
  { name: 'room', ...desktop, ...light, show: openScene },
  { name: 'room-dark', ...desktop, ...dark_chinese, show: openScene },
  { name: 'pins', ...desktop, ...dark_chinese, show: pane(names.pins) },
  { name: 'search', ...desktop, ...light, show: findEverywhere },
  { name: 'one-way', ...desktop, ...light, show: oneWayMessages },
  { name: 'record', ...desktop, ...light, show: checkedRecord },
  { name: 'report', ...desktop, ...light, show: dialog(names.report) },
  { name: 'settings', ...desktop, ...dark_chinese, show: dialog(names.notifications) },
  { name: 'ops', ...desktop, ...light, show: operations },
  { name: 'ops-configuration', ...desktop, ...light, show: reviewedChange },
  { name: 'phone-rooms', ...phone, scheme: 'light', language: 'zh-TW', show: async () => {} },
  { name: 'phone-room', ...phone, scheme: 'dark', language: 'en', show: openScene },
  { name: 'phone-actions', ...phone, scheme: 'light', language: 'zh-TW', show: openActions },
]

const [origin = 'http://localhost:8000', folder = 'docs/images'] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const browser = await launchChromium()
try {
  for (const shot of shots)
    await take(browser, shot).catch((error: unknown) => {
      process.exitCode = 1
      console.error(`${shot.name}: ${oneLine(error)}`)
    })
} finally {
  await browser.close()
}

async function take(chromium: Browser, shot: Shot): Promise<void> {
  const { width, height, scheme, language, show } = shot
  const context = await chromium.newContext({
    baseURL: origin,
    viewport: { width, height },
    colorScheme: scheme,
    locale: language,
    reducedMotion: 'reduce',
    // A phone's pictures are shown small.
    deviceScaleFactor: width < 600 ? 2 : 1,
    hasTouch: width < 600,
  })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    if (show) await context.request.post('/api/auth/dev-login', { data: { user_id: person } })
    await page.goto('/')
    const first = show ? page.locator('a[href^="/rooms/"]') : page.getByText(person)
    await first.first().waitFor()
    await show?.(page)
    await settled(page)
    await page.screenshot({ path: join(folder, `${shot.name}.png`) })
  } finally {
    await context.close()
  }
}

/** Pictures and fonts are there, nothing is loading, and the last frame is drawn. */
async function settled(page: Page): Promise<void> {
  const is_settled = `document.fonts.status === 'loaded' &&
    [...document.images].every((image) => image.complete || image.loading === 'lazy') &&
    document.getAnimations().every((animation) => animation.playState !== 'running')`
  for (let frame = 0; frame < SETTLING_MAX_FRAMES; frame += 1) {
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(drawn))')
    if (await page.evaluate(is_settled)) return
  }
}
