import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { patient } from './long-room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

const message_count = 10_000

/** A screen, the window around it, and the lines between: bounded, however long the room. */
const rendered_max_count = 400

let harness: Harness
let alice: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  room = await alice.createRoom({ title: 'A long night' })
  // As history only, at once: nothing is said in this room any more. Mostly notices, which the
  // page makes fastest.
  const { pool } = harness.worker.database
  await pool.query(
    `INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
        client_message_id, content, message_type, created_at)
      SELECT gen_random_uuid(), $1, n, n + 1, CASE WHEN n / 7 % 2 = 0 THEN 'bob' ELSE 'carol' END,
        'filled ' || n, CASE WHEN n % 10 = 0 THEN repeat('longer than one line ', 12) ELSE '' END
          || 'line ' || n, CASE WHEN n % 10 = 0 THEN 'text' ELSE 'system' END, timestamptz '2026-01-01' + n * interval '40 seconds'
      FROM generate_series(1, $2::int) AS n`,
    [room.room_id, message_count],
  )
  await pool.query(
    `UPDATE incident_rooms SET last_sequence = $2::int, last_revision = $2::int + 1 WHERE room_id = $1`,
    [room.room_id, message_count],
  )
})
afterAll(() => harness.stop())

test('[WEB-3] 10,000 messages: scrolled from the first to the last, each is seen, in order', async () => {
  const { page } = alice
  // A tall one, for fewer steps.
  await page.setViewportSize({ width: 1_280, height: 1_600 })
  const first = await alice.call<{ messages: { message_id: string }[] }>(
    'GET',
    `/api/rooms/${room.room_id}/messages?limit=1&before_sequence=2`,
  )
  await page.goto(`/rooms/${room.room_id}/messages/${first.messages[0]?.message_id}`)
  await page.getByRole('log').locator('[data-sequence="1"]').waitFor()
  const walk = await page.getByRole('log').evaluate(async (log, last) => {
    const inView = () => {
      const { top, bottom } = log.getBoundingClientRect()
      return [...log.querySelectorAll('li[data-sequence]')]
        .filter((row) => {
          const box = row.getBoundingClientRect()
          return box.bottom > top && box.top < bottom
        })
        .map((row) => ({ row, number: Number(row.getAttribute('data-sequence')) }))
    }
    let seen = 0
    let rendered_count = 0
    const wrong: string[] = []
    const until = performance.now() + 90_000
    while (seen < last && performance.now() < until) {
      const rows = inView()
      for (const [index, { number }] of rows.entries()) {
        const before = rows[index - 1]?.number ?? number - 1
        if (number !== before + 1) wrong.push(`${number} after ${before}`)
        if (number > seen + 1) wrong.push(`${number} after ${seen} was seen`)
        seen = Math.max(seen, number)
      }
      rendered_count = Math.max(rendered_count, log.querySelectorAll('li').length)
      // The last row in view stays in view, and moves by what was scrolled and no more.
      const { row, number } = rows.at(-1) ?? {}
      const from = log.scrollTop
      const top = row?.getBoundingClientRect().top ?? 0
      log.scrollTop += log.clientHeight * 0.8
      const by = log.scrollTop - from
      await new Promise(requestAnimationFrame)
      const moved = top - (row?.getBoundingClientRect().top ?? 0)
      if (row?.isConnected !== true || Math.abs(moved - by) > 2)
        wrong.push(`${number} moved ${moved} for ${by}`)
    }
    return { seen, rendered_count, wrong }
  }, message_count)
  expect(walk.wrong).toEqual([])
  expect(walk.seen).toBe(message_count)
  expect(walk.rendered_count).toBeLessThan(rendered_max_count)
}, 120_000)

test('[WEB-3] dragged far by its bar, the list shows what is there', async () => {
  const { page } = alice
  const log = page.getByRole('log')
  const shown = () =>
    log.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect()
      return [...element.querySelectorAll('li[data-sequence]')].filter((row) => {
        const box = row.getBoundingClientRect()
        return box.bottom > top && box.top < bottom
      }).length
    })
  for (const share of [0.5, 0.1, 0.9]) {
    await log.evaluate((element, part) => {
      element.scrollTop = element.scrollHeight * part
    }, share)
    await expect.poll(shown, patient).toBeGreaterThan(3)
  }
  expect(alice.errors).toEqual([])
})
