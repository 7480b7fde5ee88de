import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { patient } from './long-room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

/** Half past twelve on 22 November in Taipei: still the 21st in London and New York. */
const after_midnight = '2026-11-22T00:30:00+08:00'
/** A minute before midnight, as the page is opened. */
const opened_at = new Date('2026-11-22T23:59:00+08:00')

let harness: Harness
let alice: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  room = await alice.createRoom({ title: 'Night shift' })
  const say = (content: string) =>
    alice.call('POST', `/api/rooms/${room.room_id}/messages`, { content })
  await say('the evening before')
  await say('after midnight')
  await say('and a while later')
  const { pool } = harness.worker.database
  const sayAt = (content: string, at: string) =>
    pool.query('UPDATE messages SET created_at = $1 WHERE room_id = $2 AND content = $3', [
      at,
      room.room_id,
      content,
    ])
  await sayAt('the evening before', '2026-11-21T23:58:00+08:00')
  await sayAt('after midnight', after_midnight)
  await sayAt('and a while later', '2026-11-22T00:36:00+08:00')
})
afterAll(() => harness.stop())

test.each(['Asia/Taipei', 'Europe/London', 'America/New_York'])(
  '[WEB-2] the day changes at midnight in Taipei, while the page stands open in %s',
  async (timezoneId) => {
    const person = await harness.person('alice@muster.test', { timezoneId })
    const { page } = person
    await page.clock.install({ time: opened_at })
    await page.goto(`/rooms/${room.room_id}`)
    const log = page.getByRole('log')
    await log.getByText('after midnight').waitFor()
    const days = () => log.locator('h2:not(:has-text("start of"))').allTextContents()
    const times = () => log.locator('header:not(.unseen) time').allTextContents()
    await expect.poll(days, patient).toEqual(['Yesterday', 'Today'])
    expect(await times()).toEqual(['11/21 23:58', '00:30', '00:36'])

    await page.clock.fastForward('02:00')
    await expect.poll(days, patient).toEqual(['Sat, Nov 21', 'Yesterday'])
    expect(await times()).toEqual(['11/21 23:58', '11/22 00:30', '11/22 00:36'])
    expect(person.errors).toEqual([])
    await person.context.close()
  },
)
