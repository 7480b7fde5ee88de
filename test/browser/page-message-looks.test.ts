import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UploadedFile } from '../../src/protocol/file.ts'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { axeViolations } from './axe-violations.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'
import { act } from './page-views.ts'

/** 2 × 1 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DA8J8BAAcAAf/HxUljAAAAAElFTkSuQmCC',
  'base64',
)

let harness: Harness
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  const alice = await harness.person('alice@muster.test')
  room = await alice.createRoom({ title: 'Looks of messages' })
  const path = `/api/rooms/${room.room_id}`
  const say = (body: Record<string, unknown>) =>
    alice.call<Message>('POST', `${path}/messages`, body)
  for (const temperature of [80, 84])
    await say({ message_type: 'incident_data', content: { temperature, ok: true } })
  const upload = await alice.context.request.post(`${path}/files?name=seal.png`, {
    headers: { origin: harness.worker.served.url, 'content-type': 'application/octet-stream' },
    data: png,
  })
  const { file_id } = (await upload.json()) as UploadedFile
  await say({ message_type: 'image_ref', file_id, content: 'the seal' })
  const { message_id } = await say({ content: 'run `pump --reset` **now**, see https://a.example' })
  const message = `${path}/messages/${message_id}`
  await alice.call('PATCH', message, { content: 'run `pump --reset` **now**' })
  await alice.call('PUT', `${message}/reactions/${encodeURIComponent('👍')}`)
  await alice.call('PUT', `${message}/pin`, {})
  await alice.context.close()
})
afterAll(() => harness.stop())

type View = {
  readonly name: string
  readonly open: () => Promise<unknown>
  readonly shown: Locator
}

const viewsOf = ({ page }: Person): View[] => {
  const row = page.getByRole('article').filter({ hasText: 'pump --reset' })
  const menu = page.getByRole('group', { name: 'More actions' })
  const choose = async (action: string) => {
    await row.hover()
    await row.getByRole('button', { name: 'More actions' }).click()
    await menu.getByRole('button', { name: action }).click()
  }
  return [
    {
      name: 'menu',
      open: async () => {
        await row.hover()
        await row.getByRole('button', { name: 'More actions' }).click()
      },
      shown: menu.getByRole('button', { name: 'Copy link' }),
    },
    {
      name: 'picker',
      // A few of them; two thousand buttons are all alike, and keep axe busy for minutes.
      open: async () => {
        await choose('More emojis')
        await page.getByRole('searchbox', { name: 'Search emojis' }).fill('fire')
      },
      shown: page.getByRole('button', { name: 'fire extinguisher' }),
    },
    {
      name: 'who reacted',
      open: () => choose('Who reacted'),
      shown: page.getByRole('definition').filter({ hasText: 'You' }),
    },
    {
      name: 'history',
      open: () => choose('Earlier versions'),
      shown: page.getByRole('dialog').getByText('As it was said'),
    },
    {
      name: 'time of a pin',
      open: () => choose('Correct the time'),
      shown: page.getByRole('dialog').getByLabel('When it happened'),
    },
    {
      name: 'chart',
      open: async () => {
        await page
          .getByRole('button', { name: /^temperature:/ })
          .last()
          .click()
        await page.getByText('As a table').click()
      },
      shown: page.getByRole('dialog').getByRole('row').nth(2),
    },
    {
      name: 'viewer',
      open: () => page.getByRole('log').getByAltText('seal.png').click(),
      shown: page.getByRole('dialog').getByText('the seal'),
    },
    {
      name: 'pins',
      open: () => act(page, 'Pinned'),
      shown: page.getByRole('complementary').getByText('run pump --reset now'),
    },
  ]
}

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }

test.each([
  ['a desktop', {}],
  ['a phone, dark', { ...phone, colorScheme: 'dark' }],
] as const)(
  '[WEB-10] axe objects to nothing around a message on %s, and all of it fits',
  async (_name, options) => {
    const person = await harness.person('alice@muster.test', {
      ...options,
      reducedMotion: 'reduce',
    })
    const { page } = person
    await person.open(room)
    for (const { name, open, shown } of viewsOf(person)) {
      await open()
      await shown.waitFor()
      expect(await axeViolations(page), name).toEqual([])
      const is_fitting = () =>
        page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
      expect(await is_fitting(), name).toBe(true)
      // A pane beside the messages stays at Escape; it is nothing one has to leave.
      if (name === 'pins') await page.getByRole('complementary').getByLabel('Close').click()
      else await page.keyboard.press('Escape')
      await shown.waitFor({ state: 'hidden' })
    }
    expect(person.errors).toEqual([])
    await person.context.close()
  },
)
