/**
 * The views of the page, each with a way to get there and back, for tests that hold for all of
 * them. A new view is one more entry.
 */
import type { Locator, Page } from 'playwright-core'
import { vi } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { NoticePage } from '../../src/protocol/one-way.ts'
import type { Room } from '../../src/protocol/room.ts'
import type { Person } from './page-harness.ts'

export type Stage = { readonly person: Person; readonly page: Page; readonly room: Room }

export type View = {
  readonly name: string
  readonly show: (stage: Stage) => Promise<unknown>
  /** Back to the room; the next view starts there. */
  readonly hide?: (stage: Stage) => Promise<unknown>
}

/** A room in which there is a little of everything, and one that is over. */
export const furnish = async (person: Person): Promise<Room> => {
  const over = await person.createRoom({ title: 'Line 1 stopped', severity: 'low' })
  await person.call('PATCH', `/api/rooms/${over.room_id}`, { status: 'resolved' })
  const room = await person.createRoom({
    lots: ['A12-77'],
    location: 'Fab 12',
    description: 'Since 06:12.',
  })
  await person.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: 'bob@muster.test',
    role: 'viewer',
  })
  const path = `/api/rooms/${room.room_id}/messages`
  const say = (body: Record<string, unknown>) => person.call<Message>('POST', path, body)
  const pinned = await say({ content: `pinned words for @${person.user_id}` })
  await person.call('PUT', `${path}/${pinned.message_id}/pin`, {})
  await person.call('PUT', `${path}/${pinned.message_id}/reactions/${encodeURIComponent('👍')}`)
  await person.call('PATCH', `${path}/${pinned.message_id}`, {
    content: `pinned words @${person.user_id}`,
  })
  const deleted = await say({ content: 'soon gone' })
  await person.call('DELETE', `${path}/${deleted.message_id}`)
  await say({ message_type: 'incident_data', content: { temperature: 81.5, alarm: true } })
  await say({ content: 'see https://wiki.example/a', reply_to: pinned.message_id })
  const post = (type: string, id: string) =>
    person.call('POST', '/api/messages/one-way', {
      recipient: { type, id },
      content: 'Mould 4 is due',
      priority: 'high',
    })
  await post('room', '01900000-0000-7000-8000-00000000dead')
  await post('user', person.user_id)
  // A toast of it later would lie over what is looked at.
  await vi.waitFor(
    async () => {
      const { notices } = await person.call<NoticePage>('GET', '/api/me/notices')
      if (notices.length === 0) throw new Error('the notice has not arrived')
    },
    { timeout: 20_000, interval: 100 },
  )
  return room
}

const pinnedRow = (page: Page) =>
  page.getByRole('log').getByRole('article').filter({ hasText: 'pinned words' }).first()

const openMessageMenu = async (page: Page) => {
  await pinnedRow(page).hover()
  await pinnedRow(page).getByRole('button', { name: 'More actions' }).click()
  const menu = page.getByRole('group', { name: 'More actions' })
  await menu.waitFor()
  return menu
}

/** From the header, or from its menu where there is no width. */
export const act = async (page: Page, name: string | RegExp): Promise<void> => {
  const header = page
    .getByRole('region')
    .locator('header')
    .filter({ has: page.locator('h1') })
  const button = header.getByRole('button', { name, exact: true })
  const more = header.getByRole('button', { name: 'More', exact: true })
  // A pane that was closed a moment ago gives the header its width in the next frame.
  await button.or(more).filter({ visible: true }).first().waitFor()
  if (await button.isVisible()) return button.click()
  await more.click()
  await page.getByRole('menuitem', { name, exact: true }).click()
}

const pane = (page: Page): Locator => page.getByRole('complementary')
const closePane = ({ page }: Stage) =>
  pane(page).getByRole('button', { name: 'Close', exact: true }).click()
const closeDialog = async ({ page }: Stage) => {
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}
const escape = ({ page }: Stage) => page.keyboard.press('Escape')

/** Whom a test of all views makes an admin; the others see them as people do. */
export const operator = 'operator@muster.test'

const signInAs = (user_id: string, { person }: Stage) =>
  person.call('POST', '/api/auth/dev-login', { user_id })

const openRoom = async ({ person, page, room }: Stage) => {
  await person.open(room)
  await page.getByRole('log').getByText('see https://wiki.example/a').first().waitFor()
}

const paneView = (name: string, action: string | RegExp, ready: (page: Page) => Locator): View => ({
  name,
  show: async ({ page }) => {
    await act(page, action)
    await ready(page).waitFor()
  },
  hide: closePane,
})

const dialogView = (name: string, action: string): View => ({
  name,
  show: async ({ page }) => {
    await act(page, action)
    await page.getByRole('dialog').waitFor()
  },
  hide: closeDialog,
})

export const views: readonly View[] = [
  {
    name: 'the rooms',
    show: async ({ page }) => {
      await page.goto('/')
      await page.getByRole('button', { name: /Resolved/ }).click()
      await page.getByRole('link', { name: /Line 1/ }).waitFor()
    },
  },
  {
    name: 'no room matches',
    show: async ({ page }) => {
      await page.getByRole('searchbox', { name: 'Filter rooms' }).fill('nowhere')
      await page.getByText('No room matches').waitFor()
    },
  },
  {
    name: "the person's menu",
    show: async ({ person, page }) => {
      await page.getByRole('navigation').getByTitle(person.user_id).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    },
    hide: escape,
  },
  {
    name: 'keyboard shortcuts',
    show: async ({ person, page }) => {
      await page.getByRole('navigation').getByTitle(person.user_id).click()
      await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
      await page.getByRole('dialog').waitFor()
    },
    hide: closeDialog,
  },
  {
    name: 'a new room',
    show: async ({ page }) => {
      await page.getByRole('button', { name: 'New room' }).click()
      await page.getByRole('dialog').waitFor()
    },
    hide: closeDialog,
  },
  {
    name: 'search in all rooms',
    show: async ({ page }) => {
      await page.getByRole('navigation').getByRole('button', { name: 'Find in all rooms' }).click()
      await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor()
      await page.locator('#content').getByRole('searchbox').fill('words')
      await page.locator('mark').first().waitFor()
    },
  },
  {
    name: 'one-way messages, sent',
    show: async ({ page }) => {
      await page.goto('/one-way')
      const row = page.getByRole('list', { name: 'Sent' }).getByRole('article').last()
      await row.getByText('Rejected').waitFor()
      await row.getByText('Details').click()
      await page.getByText('Post a one-way message').click()
      await page.getByText('Webhook for outcomes').click()
      await page.getByLabel('Address (https)').waitFor()
    },
  },
  {
    name: 'one-way messages, received',
    show: async ({ page }) => {
      await page.getByRole('link', { name: /^Received/ }).click()
      await page.getByText('Mould 4 is due').first().waitFor()
    },
  },
  {
    name: 'operations, live',
    show: async (stage) => {
      await signInAs(operator, stage)
      const { page } = stage
      await page.goto('/ops')
      await page.getByRole('slider').first().hover()
    },
  },
  {
    name: 'operations, alerts',
    show: async ({ page }) => {
      await page.getByRole('link', { name: 'Alerts', exact: true }).click()
      await page.getByRole('heading', { name: 'Rules' }).waitFor()
      await page.getByRole('heading', { name: 'History' }).waitFor()
    },
  },
  {
    name: 'the configuration, being edited',
    show: async (stage) => {
      await signInAs(operator, stage)
      const { page } = stage
      await page.goto('/ops/configuration')
      await page.getByLabel('Pool size, connections').fill('26')
      await page.getByLabel('Extra connections under load, connections').fill('501')
      await page.getByText('At most 500.').waitFor()
    },
  },
  {
    name: 'the configuration, reviewed',
    show: async ({ page }) => {
      await page.getByRole('button', { name: 'Undo: Extra connections under load' }).click()
      await page.getByRole('button', { name: 'Review…' }).click()
      await page.getByRole('dialog').getByText('+30%').waitFor()
    },
    hide: closeDialog,
  },
  {
    name: 'the configuration: applied, and its history',
    show: async ({ page }) => {
      await page.getByRole('button', { name: 'Review…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()
      await page.getByRole('button', { name: 'Version history' }).click()
      await page.getByRole('heading', { name: 'As deployed' }).waitFor()
    },
    hide: async (stage) => {
      const { page, person } = stage
      await page.getByRole('button', { name: 'Undo this change' }).click()
      await page.getByText(/^Undone/).waitFor()
      await signInAs(person.user_id, stage)
    },
  },
  {
    name: 'nothing at this address',
    show: async ({ page }) => {
      await page.goto('/nowhere')
      await page.getByText('There is nothing at this address.').waitFor()
    },
  },
  { name: 'a room', show: openRoom },
  {
    name: 'what to do with a message',
    show: ({ page }) => openMessageMenu(page),
    hide: escape,
  },
  {
    name: 'an edit and a reply',
    show: async ({ page }) => {
      await (await openMessageMenu(page)).getByRole('button', { name: 'Reply' }).click()
      const menu = await openMessageMenu(page)
      await menu.getByRole('button', { name: 'Edit', exact: true }).click()
      await page.getByRole('textbox', { name: 'Edit message' }).waitFor()
    },
    hide: openRoom,
  },
  {
    name: 'the status',
    show: async ({ page }) => {
      await page
        .getByRole('main')
        .getByRole('button', { name: /^Status/ })
        .click()
      await page.getByRole('menu').waitFor()
    },
    hide: escape,
  },
  {
    name: 'the members',
    show: async ({ page }) => {
      await page
        .locator('header')
        .getByRole('button', { name: /^Members/ })
        .click()
      await pane(page).getByText('bob@muster.test').waitFor()
    },
  },
  {
    name: 'what to do with a member',
    show: async ({ page }) => {
      await pane(page).getByRole('button', { name: 'Actions for bob@muster.test' }).click()
      await page.getByRole('menuitem').first().waitFor()
    },
    hide: async (stage) => {
      await escape(stage)
      await closePane(stage)
    },
  },
  paneView('the pins', 'Pinned', (page) => pane(page).getByText('pinned words').first()),
  paneView('search in the room', 'Search', (page) => pane(page).getByRole('heading').first()),
  paneView('the record', /^Record/, (page) => pane(page).getByRole('heading').first()),
  dialogView('the report', 'Report'),
  dialogView('the settings', 'Notifications'),
  dialogView('the room changed', 'Edit room'),
  {
    name: 'the quick switcher',
    show: async ({ page }) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('option').first().waitFor()
    },
    hide: escape,
  },
  {
    name: 'offline',
    show: async ({ person, page }) => {
      await person.context.setOffline(true)
      await page.getByText('You are offline.').first().waitFor()
    },
    hide: async ({ person, page }) => {
      await person.context.setOffline(false)
      await page.getByText('Live', { exact: true }).waitFor()
    },
  },
]
