/** A room's socket with a hand on it: what the page sends can be held back, refused or cut. */
import type { Page, WebSocketRoute } from 'playwright-core'

export type UpChange = { readonly type: string; readonly ref?: string }

export type HeldSocket = {
  /** What the page sends from now on waits. */
  hold(): void
  /** Lets through what waits, and all that follows. */
  release(): void
  /** What waits, oldest first. */
  readonly waiting: readonly UpChange[]
  /** Answers what waits longest as the server would refuse it; the server never hears of it. */
  refuse(code: string): void
  /** The connection breaks. */
  cut(): Promise<void>
}

/** Call it before the page is opened. */
export const holdSocket = async (page: Page): Promise<HeldSocket> => {
  let is_held = false
  let waiting: string[] = []
  let socket: WebSocketRoute | undefined
  let server: WebSocketRoute | undefined
  await page.routeWebSocket(/\/ws\/[^/]+/u, (route) => {
    socket = route
    const upstream = route.connectToServer()
    server = upstream
    route.onMessage((data) => {
      const text = String(data)
      if (is_held && text.includes('"message_id"')) waiting.push(text)
      else upstream.send(data)
    })
  })
  return {
    hold: () => {
      is_held = true
    },
    release: () => {
      is_held = false
      for (const text of waiting) server?.send(text)
      waiting = []
    },
    get waiting() {
      return waiting.map(parse)
    },
    refuse: (code) => {
      const text = waiting.shift()
      if (text === undefined) throw new Error('nothing waits')
      const { ref } = parse(text)
      socket?.send(JSON.stringify({ type: 'error', code, message: 'refused by the test', ref }))
    },
    cut: async () => {
      waiting = []
      await socket?.close({ code: 1012 })
    },
  }
}

const parse = (text: string): UpChange => JSON.parse(text) as UpChange
