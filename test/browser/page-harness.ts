/** One Worker with the page and one Chromium for a file of page tests, and people who use it. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { CreateRoom, Room } from '../../src/protocol/room.ts'
import { launchChromium } from '../support/chromium.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

/** A signed-in person with a window of their own. */
export type Person = {
  readonly user_id: string
  readonly context: BrowserContext
  readonly page: Page
  /** What went wrong in the page itself, with nobody told. */
  readonly errors: string[]
  /** A REST call with this person's session. @throws Error unless it succeeds. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>
  createRoom(overrides?: Partial<CreateRoom>): Promise<Room>
  open(room: Room): Promise<void>
}

export type Harness = {
  readonly worker: TestWorker
  readonly browser: Browser
  person(user_id: string, options?: BrowserContextOptions): Promise<Person>
  /** Somebody who has signed in once. */
  makeAdmin(user_id: string): Promise<void>
  stop(): Promise<void>
}

/** Two panes side by side; the pane of details opens when asked. */
const DESKTOP = { width: 1200, height: 800 } as const

export const startHarness = async (vars: Record<string, string> = {}): Promise<Harness> => {
  const worker = await startTestWorker({ vars, page: true })
  const browser = await launchChromium()
  return {
    worker,
    browser,
    person: (user_id, options) => signIn(worker.served.url, browser, user_id, options),
    makeAdmin: async (user_id) => {
      const made = 'UPDATE tr_users SET is_admin = true WHERE user_id = $1'
      const { rowCount } = await worker.database.pool.query(made, [user_id])
      if (rowCount !== 1) throw new Error(`${user_id} is not known`)
    },
    stop: async () => {
      await browser.close()
      await worker.stop()
    },
  }
}

/** A window that nobody looks at any more still draws, and slows those of the next test. */
const closeWithTest = (context: BrowserContext): void => {
  try {
    onTestFinished(() => context.close())
  } catch {
    // Outside of a test: for all of the file.
  }
}

const signIn = async (
  base_url: string,
  browser: Browser,
  user_id: string,
  options: BrowserContextOptions = {},
): Promise<Person> => {
  const context = await browser.newContext({
    baseURL: base_url,
    locale: 'en-US',
    viewport: DESKTOP,
    // Tests of the page itself want it as the Worker serves it now; page-pwa allows them.
    serviceWorkers: 'block',
    ...options,
  })
  closeWithTest(context)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await context.request.fetch(path, {
      method,
      headers: { origin: new URL(base_url).origin },
      ...(body === undefined ? {} : { data: body }),
    })
    if (!response.ok()) throw new Error(`${method} ${path}: ${await response.text()}`)
    return (response.status() === 204 ? undefined : await response.json()) as T
  }
  await call('POST', '/api/auth/dev-login', { user_id })
  return {
    user_id,
    context,
    page,
    errors,
    call,
    createRoom: (overrides = {}) =>
      call<Room>('POST', '/api/rooms', {
        title: 'Line 3 stopped',
        incident_type: 'equipment_failure',
        severity: 'high',
        ...overrides,
      }),
    open: async (room) => {
      await page.goto(`/rooms/${room.room_id}`)
      await page.getByText('Live', { exact: true }).waitFor()
    },
  }
}

export const write = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: /^Message / }).fill(text)
  await page.keyboard.press('Enter')
}

/** The texts of all messages shown, top to bottom. */
export const shownTexts = (page: Page): Promise<string[]> =>
  page.getByRole('log').locator('article p').filter({ visible: true }).allTextContents()

/** What comes over the network may take its time on a busy machine. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })
