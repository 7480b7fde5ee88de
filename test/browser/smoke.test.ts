import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

let worker: TestWorker
let browser: Browser
beforeAll(async () => {
  worker = await startTestWorker({ page: true })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await worker.stop()
})

test('RUN-2: Chromium opens the page that the Worker serves', async () => {
  const page = await browser.newPage()
  await page.goto(worker.served.url)
  expect(await page.title()).toBe('Muster')
})
