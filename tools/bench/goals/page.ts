/** P10: the page. How much comes before it shows, and does it keep up with a reader in a hurry? */
import type { Page } from 'playwright-core'
import { uuidv7 } from 'uuidv7'
import { launchChromium } from '../../../test/support/chromium.ts'
import { INITIAL_JS_MAX_BYTES, initialJsBytes } from '../../page-weight.ts'
import { createRoom, type BenchRoom } from '../muster/members.ts'
import type { Options } from '../options.ts'
import type { Queryable } from '../sql/five-statements.ts'
import type { Stage } from '../stage.ts'
import { judge, show } from '../statistics.ts'
import type { Table } from '../table.ts'

const messagesCount = 10_000
const perCall = 500
const frameMaxMs = 50
/** A flick of the wheel every frame, 56,000 px a second: slower, a round takes minutes. */
const wheelPx = 900
const wheelEveryMs = 16

type Scrolled = { longFrames: number; longestMs: number; seconds: number }

export async function page(stage: Stage, options: Options): Promise<Table> {
  const { port } = await stage.startMuster({ page: true })
  const room = await createRoom(stage.client, 5)
  await fill(stage.client, room)
  // Who has read everything comes in at the newest message.
  await stage.client.query('UPDATE room_members SET read_sequence = $2 WHERE room_id = $1', [
    room.room_id,
    messagesCount,
  ])
  const browser = await launchChromium()
  stage.onStop(() => browser.close())

  const up: Scrolled[] = []
  const down: Scrolled[] = []
  for (let round = 0; round < options.rounds; round++) {
    const context = await browser.newContext({ baseURL: `http://localhost:${port}` })
    await context.request.post('/api/auth/dev-login', { data: { user_id: room.members[0] } })
    const window = await context.newPage()
    await window.goto(`/rooms/${room.room_id}`)
    await window.getByRole('log').getByText(markOf(messagesCount)).first().waitFor()
    up.push(await scroll(window, -wheelPx, markOf(1)))
    down.push(await scroll(window, wheelPx, markOf(messagesCount)))
    await context.close()
    process.stderr.write('.')
  }
  process.stderr.write('\n')

  const row = (what: string, scrolled: readonly Scrolled[]) => [
    what,
    judge(
      scrolled.map(({ longFrames }) => longFrames),
      { atMost: 0 },
    ),
    show(scrolled.map(({ longestMs }) => longestMs)),
    show(scrolled.map(({ seconds }) => seconds)),
  ]
  const kilobytes = (await initialJsBytes()) / 1_000
  return {
    title: 'P10 The page',
    how:
      `Chromium without a graphics card on the same two cores. ${messagesCount.toLocaleString('en-US')} ` +
      `messages by the wheel, ${wheelPx} px every ${wheelEveryMs} ms, from the newest to the first, ` +
      'pages loading on the way, and back. A long frame is one that the browser reports as a long ' +
      `animation frame, which is over ${frameMaxMs} ms. JavaScript before the page shows: ` +
      `${judge([kilobytes], { atMost: INITIAL_JS_MAX_BYTES / 1_000 })} kB gzipped.`,
    head: ['', 'frames over 50 ms', 'longest, ms', 'seconds'],
    rows: [row('to the first message', up), row('back to the newest', down)],
  }
}

/** Part of one message's text and of no other's. */
const markOf = (number: number): string => `#${number}#`

/** Long and short, as people write. */
async function fill(client: Queryable, room: BenchRoom): Promise<void> {
  for (let start = 1; start <= messagesCount; start += perCall) {
    const items = Array.from({ length: perCall }, (_, index) => {
      const number = start + index
      const id = uuidv7()
      return {
        kind: 'message',
        change_id: id,
        client_message_id: id,
        actor_id: room.members[number % room.members.length],
        content: `${markOf(number)} ${'回報目前狀況 zone five '.repeat(number % 7)}`.trimEnd(),
        data: null,
        message_type: 'text',
        mentions: [],
        reply_to: null,
      }
    })
    await client.query('CALL commit_room($1, NULL, false, NULL, $2, true, NULL)', [
      room.room_id,
      JSON.stringify(items),
    ])
  }
}

/** In the page. As text: TypeScript does not know of long animation frames yet. */
const watchFrames = `
  globalThis.longFrames = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longFrames.push(entry.duration)
  }).observe({ type: 'long-animation-frame' })
`

/** Turns the wheel until a text is on the page and in view. */
async function scroll(window: Page, deltaPx: number, until: string): Promise<Scrolled> {
  await window.evaluate(watchFrames)
  const box = await window.getByRole('log').boundingBox()
  if (box === null) throw new Error('The page shows no messages.')
  await window.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const started = performance.now()
  for (;;) {
    for (let turn = 0; turn < 20; turn++) {
      await window.mouse.wheel(0, deltaPx)
      await window.waitForTimeout(wheelEveryMs)
    }
    if (await window.getByRole('log').getByText(until).first().isVisible()) break
  }
  const seconds = (performance.now() - started) / 1_000
  const frames = await window.evaluate<number[]>('longFrames')
  return { longFrames: frames.length, longestMs: Math.max(0, ...frames), seconds }
}
