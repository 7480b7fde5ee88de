import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())

const say = ({ call }: Person, { room_id }: Room, content: string) =>
  call<Message>('POST', `/api/rooms/${room_id}/messages`, { content })

const openRecord = (page: Page) =>
  page
    .locator('section header')
    .getByRole('button', { name: /^Record/ })
    .click()

const fact = (page: Page, name: string) =>
  page.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd')

const inDatabase = (text: string, ...values: unknown[]) =>
  harness.worker.database.pool.query(text, values)

test('[API-9] a member sees that the record is whole, of what, and how far the page has it', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  for (const n of [1, 2, 3]) await say(alice, room, `message ${n}`)
  await alice.open(room)
  await openRecord(page)
  await page.getByText('The record is whole').waitFor()
  await page.getByText('Messages 1 to 3 are all there', { exact: false }).waitFor()
  await page.getByText('This device had noted nothing before', { exact: false }).waitFor()
  expect(await fact(page, 'Last message number').textContent()).toBe('3')
  expect(await fact(page, 'Waiting to be sent').textContent()).toBe('0')
  const revision = Number(await fact(page, 'Last revision applied').textContent())
  await write(page, 'message 4')
  await fact(page, 'Last revision applied')
    .getByText(String(revision + 1))
    .waitFor()
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('Messages 1 to 4 are all there', { exact: false }).waitFor()
  await page.getByText('It still contains what this device noted', { exact: false }).waitFor()
  await page.getByText('Checks in this session').waitFor()
  await page.getByText('How is this checked?').click()
  await page.getByText('a hash made of its content', { exact: false }).waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[API-9] a message that was changed in the database is named', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  await say(alice, room, 'the valve was closed')
  await inDatabase(
    `UPDATE messages SET content = 'the valve was open' WHERE room_id = $1`,
    room.room_id,
  )
  await alice.open(room)
  await openRecord(page)
  await page.getByText('The record is not whole').waitFor()
  await page.getByText('A message is not what the record says.').waitFor()
  await page.getByRole('complementary').getByText('Message #1', { exact: true }).waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[API-9] an end that was cut off is named after a reload, too, and what the device noted stays', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  for (const n of [1, 2, 3]) await say(alice, room, `message ${n}`)
  await alice.open(room)
  await openRecord(page)
  await page.getByText('The record is whole').waitFor()
  const noted = () =>
    page.evaluate(
      (room_id) =>
        Object.entries(localStorage).find(
          ([key]) => key.startsWith('muster.receipt.') && key.endsWith(room_id),
        )?.[1],
      room.room_id,
    )
  const receipt = await noted()
  expect(receipt).toMatch(/^muster1\./)
  const last = await inDatabase(
    'SELECT last_revision FROM incident_rooms WHERE room_id = $1',
    room.room_id,
  )
  await cutTail(room.room_id, Number(last.rows[0].last_revision))
  await alice.open(room)
  await openRecord(page)
  await page.getByText('The record is not whole').waitFor()
  await page.getByText('The end of the record has been cut off.').waitFor()
  // What was noted is the evidence; it is not replaced by a worse record's.
  expect(await noted()).toBe(receipt)
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

/** With all counters put back: the rows alone are a whole record again. */
const cutTail = async (room_id: string, from: number) => {
  for (const table of ['messages', 'room_revisions'])
    await inDatabase(`DELETE FROM ${table} WHERE room_id = $1 AND revision >= $2`, room_id, from)
  await inDatabase(
    `UPDATE incident_rooms r SET last_revision = v.revision, last_hash = v.hash,
        last_activity_at = v.at, last_sequence = r.last_sequence - (r.last_revision - v.revision)
      FROM room_revisions v WHERE r.room_id = $1 AND v.room_id = $1 AND v.revision = $2 - 1`,
    room_id,
    from,
  )
}

test('[API-9] a check that cannot be made says so, and a receipt of another key is told apart', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  await page.goto('/')
  await page.evaluate(
    ([user_id, room_id]) =>
      localStorage.setItem(
        `muster.receipt.${user_id}.${room_id}`,
        `muster1.${room_id}.1.${'0'.repeat(64)}.1764000000000.${'A'.repeat(43)}`,
      ),
    [alice.user_id, room.room_id],
  )
  await page.route('**/verify*', (route) => route.abort(), { times: 1 })
  await alice.open(room)
  await openRecord(page)
  await page.getByText('The check could not be made.').waitFor()
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('no longer accepts what this device noted', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Forget it and note the present state' }).click()
  await page.getByText('This device had noted nothing before', { exact: false }).waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-11] offline, the record says so and what waits to be sent', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page, context } = alice
  await alice.open(await alice.createRoom())
  await openRecord(page)
  await page.getByText('The record is whole').waitFor()
  await context.setOffline(true)
  await page.getByRole('complementary').getByText('Offline', { exact: true }).waitFor()
  await write(page, 'said while offline')
  await fact(page, 'Waiting to be sent').getByText('1').waitFor()
  await context.setOffline(false)
  await page.getByRole('complementary').getByText('Live', { exact: true }).waitFor()
  await fact(page, 'Waiting to be sent').getByText('0').waitFor()
  expect(alice.errors).toEqual([])
  await context.close()
})
