import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let bob: Person
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  bob = await harness.person('bob@muster.test')
})
afterAll(() => harness.stop())

const roomOfBoth = async (title: string) => {
  const room = await alice.createRoom({ title })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  return room
}

const cardOf = (person: Person, title: string): Locator =>
  person.page.getByRole('navigation').getByRole('link', { name: title })

const say = (person: Person, room_id: string, content: string) =>
  person.call('POST', `/api/rooms/${room_id}/messages`, { content })

test('[INBOX-1] rooms come, count and go by themselves on the list', async () => {
  await bob.page.goto('/')
  await bob.page.getByRole('button', { name: 'New room' }).first().waitFor()
  const room = await roomOfBoth('Etcher 4')
  const card = cardOf(bob, 'Etcher 4')
  await card.waitFor()
  await say(alice, room.room_id, 'it stopped')
  await card.getByText('it stopped').waitFor()
  await say(alice, room.room_id, `@${bob.user_id} please look`)
  await card.getByText('1 mention of you').waitFor({ state: 'attached' })
  await expect.poll(() => card.textContent()).toMatch(/\b2 unread/)
  const member = `/api/rooms/${room.room_id}/members/${encodeURIComponent(bob.user_id)}`
  await alice.call('DELETE', member)
  await expect.poll(() => card.count()).toBe(0)
})

test('[INBOX-2] what is seen is read, on every device', async () => {
  const room = await roomOfBoth('Stepper 2')
  const other = await harness.person('bob@muster.test')
  await other.page.goto('/')
  await say(alice, room.room_id, 'first')
  const card = cardOf(other, 'Stepper 2')
  await card.getByText(/unread/).waitFor({ state: 'attached' })
  await bob.open(room)
  await bob.page.bringToFront()
  await expect.poll(() => card.getByText(/unread/).count()).toBe(0)
  await other.context.close()
})
