/** A room's socket with a hand on it: what the page sends can be held back, refused or cut. */
import type { Page, WebSocketRoute } from 'playwright-core'

export type UpChange = {
  readonly type: string
  readonly ref?: string
  readonly client_message_id?: string
}

export type HeldSocket = {
  /** What the page sends from now on waits. */
  hold(): void
  /** Lets through what waits, and all that follows. */
  release(): void
  /** What waits, oldest first. */
  readonly waiting: readonly UpChange[]
  /** Answers what waits longest as the server would refuse it; the server never hears of it. */
  refuse(code: string, retry_after_ms?: number): void
  /** The server says so, without knowing it. */
  tell(frame: Readonly<Record<string, unknown>>): void
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
      if (is_held && /"(client_)?message_id"/.test(text)) waiting.push(text)
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
    refuse: (code, retry_after_ms) => {
      const text = waiting.shift()
      if (text === undefined) throw new Error('nothing waits')
      const ref = refOf(parse(text))
      const refused = { type: 'error', code, message: 'refused by the test', ref, retry_after_ms }
      socket?.send(JSON.stringify(refused))
    },
    tell: (frame) => socket?.send(JSON.stringify(frame)),
    cut: async () => {
      waiting = []
      await socket?.close({ code: 1012 })
    },
  }
}

const parse = (text: string): UpChange => JSON.parse(text) as UpChange

/** What an answer names it by. */
const refOf = ({ ref, client_message_id }: UpChange): string | undefined => ref ?? client_message_id
