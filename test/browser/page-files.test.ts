import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { shownTexts, startHarness, write, type Harness, type Person } from './page-harness.ts'

/** 2 × 1 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DA8J8BAAcAAf/HxUljAAAAAElFTkSuQmCC',
  'base64',
)

let harness: Harness
let alice: Person
let bob: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  bob = await harness.person('bob@muster.test')
})
afterAll(() => harness.stop())

beforeEach(async () => {
  room = await alice.createRoom({ title: 'Files' })
  await alice.call('POST', `/api/rooms/${room.room_id}/members`, {
    user_id: bob.user_id,
    role: 'editor',
  })
  await Promise.all([alice.open(room), bob.open(room)])
})

const attachments = (page: Page): Locator => page.getByRole('list', { name: 'Attachments' })

const choose = async (
  page: Page,
  ...files: { name: string; mimeType: string; buffer: Buffer }[]
) => {
  await page.locator('input[type=file]').setInputFiles(files)
}

test('[API-5] a picture and a text are uploaded, sent with a caption, and seen by others', async () => {
  await choose(
    alice.page,
    { name: 'seal.png', mimeType: 'image/png', buffer: png },
    { name: 'log.txt', mimeType: 'text/plain', buffer: Buffer.from('12:01 stopped\n') },
  )
  await expect.poll(() => attachments(alice.page).getByRole('progressbar').count()).toBe(0)
  await write(alice.page, 'the seal')
  expect(await attachments(alice.page).count()).toBe(0)

  const picture = bob.page.getByRole('img', { name: 'seal.png' })
  await picture.waitFor()
  expect(await shownTexts(bob.page)).toEqual(['the seal'])
  expect([await picture.getAttribute('width'), await picture.getAttribute('height')]).toEqual([
    '2',
    '1',
  ])
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(2)

  const link = bob.page.getByRole('link', { name: 'Download log.txt' })
  const [download] = await Promise.all([bob.page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toBe('log.txt')
})

test('[API-5] a pasted and a dropped file are attached, and may be left out again', async () => {
  const put = (type: 'paste' | 'drop', name: string) =>
    alice.page.evaluate(
      ([kind, file_name]) => {
        const data = new DataTransfer()
        data.items.add(new File(['x'], file_name, { type: 'text/plain' }))
        const input = document.querySelector('textarea')
        const options = { bubbles: true, cancelable: true }
        const event =
          kind === 'paste'
            ? new ClipboardEvent('paste', { ...options, clipboardData: data })
            : new DragEvent('drop', { ...options, dataTransfer: data })
        input?.dispatchEvent(event)
      },
      [type, name] as const,
    )
  await put('paste', 'pasted.txt')
  await put('drop', 'dropped.txt')
  await expect.poll(() => attachments(alice.page).getByRole('listitem').count()).toBe(2)
  await alice.page.getByRole('button', { name: 'Remove pasted.txt' }).click()
  await expect.poll(() => attachments(alice.page).getByRole('progressbar').count()).toBe(0)
  await alice.page.getByRole('button', { name: 'Send' }).click()
  await bob.page.getByRole('link', { name: 'Download dropped.txt' }).waitFor()
  expect(await bob.page.getByRole('article').count()).toBe(1)
})

test('[API-5] an upload that fails says so, and Retry brings it', async () => {
  await alice.context.setOffline(true)
  await choose(alice.page, {
    name: 'late.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('x'),
  })
  await attachments(alice.page).getByRole('alert').waitFor()
  expect(await alice.page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
  await alice.context.setOffline(false)
  await alice.page.getByRole('button', { name: 'Retry', exact: true }).click()
  await expect.poll(() => alice.page.getByRole('button', { name: 'Send' }).isEnabled()).toBe(true)
  await alice.page.getByRole('button', { name: 'Send' }).click()
  await bob.page.getByRole('link', { name: 'Download late.txt' }).waitFor()
})
