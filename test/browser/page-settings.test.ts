/** The settings: what the server keeps, what the device keeps, and what becomes of a refusal. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NotificationSettings } from '../../src/protocol/notification.ts'
import type { Room } from '../../src/protocol/room.ts'
import { openSettings } from './account.ts'
import { axeViolations } from './axe-violations.ts'
import { eventually, startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room

beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', { permissions: ['notifications'] })
  // What is played cannot be heard here; that a tone begins is noted.
  await alice.context.addInitScript(() => {
    const begin = OscillatorNode.prototype.start
    Object.assign(window, { tone_count: 0 })
    OscillatorNode.prototype.start = function (when) {
      const noted = window as unknown as { tone_count: number }
      noted.tone_count += 1
      begin.call(this, when)
    }
  })
  await alice.createRoom({ title: 'Stepper 2' })
  room = await alice.createRoom({ title: 'Etcher 4' })
  await alice.createRoom({ title: 'Oven 7' })
  await alice.open(room)
})
afterAll(() => harness.stop())

const kept = () => alice.call<NotificationSettings>('GET', '/api/me/notifications')

test('[WEB-5] level, levels of rooms and quiet hours are kept by the server', async () => {
  const { page } = alice
  const dialog = await openSettings(page)
  await dialog.getByText('All messages', { exact: true }).first().click()
  await eventually(async () => (await kept()).level).toBe('all')
  // The open room is the first to be asked about.
  const levels = dialog.getByRole('combobox', { name: /^Notify me in/ })
  expect(await levels.first().getAttribute('aria-label')).toBe('Notify me in Etcher 4 about')
  await levels.first().selectOption('Nothing')
  await eventually(async () => (await kept()).rooms).toEqual([
    { room_id: room.room_id, level: 'nothing' },
  ])
  await dialog.getByRole('switch', { name: 'Do not disturb me at these hours' }).click()
  await dialog.getByLabel('From').fill('23:30')
  await dialog.getByLabel('From').press('Tab')
  await eventually(async () => (await kept()).quiet_hours).toEqual({
    start: '23:30',
    end: '07:00',
    time_zone: 'Asia/Taipei',
  })
  await dialog.getByLabel('To', { exact: true }).fill('23:30')
  await dialog.getByText('From and to must differ.').waitFor()
  expect((await kept()).quiet_hours?.end).toBe('07:00')
  // Off again: what follows must be heard at any hour.
  await dialog.getByRole('switch', { name: 'Do not disturb me at these hours' }).click()
  await eventually(async () => (await kept()).quiet_hours).toBe(null)
  await page.keyboard.press('Escape')
  // Focus goes back to where it was.
  expect(await page.evaluate(() => document.activeElement?.getAttribute('title'))).toBe(
    alice.user_id,
  )
})

test('[WEB-5] a change that the server does not take is put back, and said', async () => {
  const { page } = alice
  const dialog = await openSettings(page)
  await dialog.getByRole('radio', { name: 'All messages' }).waitFor({ state: 'attached' })
  await alice.context.setOffline(true)
  await dialog.getByText('Mentions', { exact: true }).first().click()
  await dialog.getByRole('alert').getByText('The change was not saved.').waitFor()
  expect(await dialog.getByRole('radio', { name: 'All messages' }).isChecked()).toBe(true)
  await alice.context.setOffline(false)
  await dialog.getByRole('button', { name: 'Retry' }).click()
  await eventually(() => dialog.getByRole('alert').count()).toBe(0)
  await page.keyboard.press('Escape')
})

test('[WEB-5] a tone plays when it is chosen, and the choice stays on this device', async () => {
  const { page } = alice
  const toneCount = () =>
    page.evaluate(() => (window as unknown as { tone_count: number }).tone_count)
  const dialog = await openSettings(page)
  await dialog.getByText('Sound', { exact: true }).click()
  const before = await toneCount()
  await dialog.getByRole('radio', { name: 'Knock' }).check()
  await eventually(toneCount).toBe(before + 2)
  await dialog.getByRole('radio', { name: 'No sound' }).check()
  expect(await dialog.getByRole('slider', { name: 'Volume' }).isDisabled()).toBe(true)
  await dialog.getByRole('radio', { name: 'Drop' }).check()
  await dialog.getByRole('slider', { name: 'Volume' }).fill('0.3')
  await alice.open(room)
  await openSettings(page)
  await dialog.getByText('Sound', { exact: true }).click()
  expect(await dialog.getByRole('radio', { name: 'Drop' }).isChecked()).toBe(true)
  expect(await dialog.getByRole('slider', { name: 'Volume' }).inputValue()).toBe('0.3')
  await page.keyboard.press('Escape')
})

test('[WEB-10] the way from the settings to the keyboard shortcuts', async () => {
  const { page } = alice
  const dialog = await openSettings(page)
  await dialog.getByText('Appearance', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  // A close of the dialog before that came late would take this one with it.
  await eventually(() => dialog.count()).toBe(0)
  await page.evaluate(() => new Promise((settled) => setTimeout(settled, 0)))
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByRole('button').first().click()
  await eventually(() => page.getByRole('dialog').count()).toBe(0)
})

test('[WEB-5] what happens elsewhere is heard, a burst of it once', async () => {
  const { page } = alice
  const bob = await harness.person('bob@muster.test')
  const there = await bob.createRoom({ title: 'Etcher 5' })
  await bob.call('POST', `/api/rooms/${there.room_id}/members`, {
    user_id: alice.user_id,
    role: 'editor',
  })
  await page.getByRole('link', { name: 'Etcher 5' }).waitFor()
  const toneCount = () =>
    page.evaluate(() => (window as unknown as { tone_count: number }).tone_count)
  const before = await toneCount()
  const say = (content: string) =>
    bob.call('POST', `/api/rooms/${there.room_id}/messages`, { content })
  for (const word of ['one', 'two', 'three']) await say(`@${alice.user_id} ${word}`)
  const toast = page.getByRole('status', { name: 'Notifications' }).getByRole('link')
  await toast.getByText('three').waitFor()
  // The tone chosen before is of two notes.
  expect((await toneCount()) - before).toBe(2)
})

test('[WEB-10] every part is free of what axe finds, in both themes, on a phone', async () => {
  const { page } = alice
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto('/')
  const dialog = await openSettings(page)
  for (const theme of ['Light', 'Dark']) {
    await dialog.getByText('Appearance', { exact: true }).click()
    await dialog.getByText(theme, { exact: true }).click()
    for (const part of ['Notifications', 'Sound', 'Appearance']) {
      await dialog.getByText(part, { exact: true }).first().click()
      expect(await axeViolations(page), `${theme}, ${part}`).toEqual([])
    }
  }
  expect(await dialog.evaluate((sheet) => sheet.scrollWidth - sheet.clientWidth)).toBe(0)
  expect(alice.errors).toEqual([])
})
