import type { CDPSession, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
/** With a phone. */
let bob: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', {
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  bob = await harness.person('bob@muster.test', {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  })
  room = await alice.createRoom({ title: 'Actions' })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  await Promise.all([alice.open(room), bob.open(room)])
})
afterAll(() => harness.stop())

const say = (person: Person, content: string) =>
  person.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, { content })

const rowOf = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text })

const menuOf = (page: Page): Locator => page.getByRole('group', { name: 'More actions' })

const openMenu = async (page: Page, text: string): Promise<Locator> => {
  const row = rowOf(page, text)
  await row.hover()
  await row.getByRole('button', { name: 'More actions' }).click()
  return menuOf(page)
}

const choose = async (page: Page, text: string, action: string): Promise<void> => {
  const menu = await openMenu(page, text)
  await menu.getByRole('button', { name: action, exact: true }).click()
}

const isFocused = (locator: Locator) => locator.evaluate((one) => one === document.activeElement)

test('[WEB-3] text and link are copied, and it is said that they were', async () => {
  const { message_id } = await say(bob, '機台 **A12-77** 停機')
  const clipboard = () => alice.page.evaluate(() => navigator.clipboard.readText())
  await choose(alice.page, 'A12-77', 'Copy text')
  await alice.page.getByRole('status').getByText('Text copied').waitFor()
  expect(await clipboard()).toBe('機台 **A12-77** 停機')
  await choose(alice.page, 'A12-77', 'Copy link')
  await alice.page.getByRole('status').getByText('Link copied').waitFor()
  const origin = new URL(alice.page.url()).origin
  expect(await clipboard()).toBe(`${origin}/rooms/${room.room_id}/messages/${message_id}`)
})

test('[WEB-10] the menu opens and closes by keyboard, and focus comes back', async () => {
  await say(bob, 'by keyboard')
  const button = rowOf(alice.page, 'by keyboard').getByRole('button', { name: 'More actions' })
  await button.focus()
  await alice.page.keyboard.press('Enter')
  const menu = menuOf(alice.page)
  await menu.waitFor()
  expect(await isFocused(menu.getByRole('button').first())).toBe(true)
  await alice.page.keyboard.press('Escape')
  await menu.waitFor({ state: 'detached' })
  await expect.poll(() => isFocused(button)).toBe(true)
  await alice.page.keyboard.press('Enter')
  await menu.getByRole('button', { name: 'Delete', exact: true }).press('Enter')
  const dialog = alice.page.getByRole('dialog')
  await dialog.waitFor()
  await alice.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => isFocused(button)).toBe(true)
})

test('[MSG-7] what was said before is shown from the first to the last', async () => {
  const { message_id } = await say(bob, 'pmup two')
  for (const content of ['pump two', 'pump **three**'])
    await bob.call('PATCH', `/api/rooms/${room.room_id}/messages/${message_id}`, { content })
  await rowOf(alice.page, 'pump three').getByRole('button', { name: '(edited)' }).click()
  const dialog = alice.page.getByRole('dialog', { name: 'Earlier versions' })
  const versions = dialog.getByRole('listitem')
  await expect
    .poll(() => versions.locator('p').allTextContents())
    .toEqual(['pmup two', 'pump two', 'pump three'])
  await alice.page.keyboard.press('Escape')
  await choose(alice.page, 'pump three', 'Earlier versions')
  await dialog.waitFor()
  await alice.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

test('[MSG-7] the time to edit ends while the menu is open', async () => {
  await write(alice.page, 'still warm')
  const row = rowOf(alice.page, 'still warm')
  await row.getByText('Sent').or(row.getByText('Sending…')).waitFor({ state: 'detached' })
  const late = await alice.context.newPage()
  await late.clock.install()
  await late.goto(`/rooms/${room.room_id}`)
  await late.getByText('Live', { exact: true }).waitFor()
  const menu = await openMenu(late, 'still warm')
  const edit = menu.getByRole('button', { name: 'Edit', exact: true })
  await edit.waitFor()
  await late.clock.fastForward('16:00')
  await edit.waitFor({ state: 'detached' })
  expect(await menu.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(1)
  await late.close()
})

test('[WEB-3] what was not sent is sent again or left, from its menu, too', async () => {
  const key = `muster.outbox.${alice.user_id}.${room.room_id}.`
  await alice.page.evaluate(
    ([prefix]) => {
      for (const n of [1, 2]) {
        const client_message_id = `019f0000-0000-7000-8000-00000000000${n}`
        const status = { kind: 'failed', code: 'rate_limited' }
        const entry = { client_message_id, content: `unsent ${n}`, created_at: Date.now(), status }
        localStorage.setItem(prefix + client_message_id, JSON.stringify(entry))
      }
    },
    [key] as const,
  )
  await alice.open(room)
  await choose(alice.page, 'unsent 1', 'Discard')
  await rowOf(alice.page, 'unsent 1').waitFor({ state: 'detached' })
  const button = rowOf(alice.page, 'unsent 2').getByRole('button', { name: 'More actions' })
  await button.focus()
  await alice.page.keyboard.press('Enter')
  await menuOf(alice.page).getByRole('button', { name: 'Retry', exact: true }).press('Enter')
  await rowOf(bob.page, 'unsent 2').waitFor()
  await rowOf(alice.page, 'unsent 2').getByRole('alert').waitFor({ state: 'detached' })
})

const touch = async (page: Page): Promise<CDPSession> => page.context().newCDPSession(page)

const middleOf = async (locator: Locator) => {
  const box = await locator.boundingBox()
  if (box === null) throw new Error('not on the page')
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
}

test('[WEB-6] a long press opens the menu as a sheet, which stays when the finger lifts', async () => {
  await say(alice, 'press me long')
  const words = bob.page.getByText('press me long', { exact: true }).first()
  await words.waitFor()
  const point = await middleOf(words)
  const finger = await touch(bob.page)
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
  const menu = menuOf(bob.page)
  await menu.waitFor()
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  const reply = menu.getByRole('button', { name: 'Reply', exact: true })
  const { width, height } = (await reply.boundingBox()) ?? { width: 0, height: 0 }
  expect(width).toBeGreaterThan(280)
  expect(height).toBeGreaterThanOrEqual(44)
  expect(await bob.page.evaluate(() => String(getSelection()))).toBe('')
  await reply.tap()
  await bob.page.getByText('Replying to').waitFor()
  await bob.page.getByRole('button', { name: 'Cancel reply' }).tap()
})

test('[WEB-6] a finger that scrolls opens nothing', async () => {
  const words = bob.page.getByText('press me long', { exact: true }).first()
  const { x, y } = await middleOf(words)
  const finger = await touch(bob.page)
  await bob.page.evaluate(() => {
    document.addEventListener('pointermove', () => (document.body.dataset['moved'] = 'yes'), {
      once: true,
    })
  })
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] })
  await finger.send('Input.dispatchTouchEvent', {
    type: 'touchMove',
    touchPoints: [{ x, y: y + 60 }],
  })
  await bob.page.locator('body[data-moved]').waitFor()
  // As long as a press takes, by the page's own clock; a press that stays would have opened.
  await bob.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)))
  expect(await menuOf(bob.page).count()).toBe(0)
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  expect([...alice.errors, ...bob.errors]).toEqual([])
})
