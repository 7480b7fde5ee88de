import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
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

afterEach(() => alice.page.unrouteAll({ behavior: 'ignoreErrors' }))

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

test('[API-5] a failed upload holds back neither the text nor the other files', async () => {
  await alice.page.route('**/files', (route) =>
    route.request().postDataBuffer()?.includes('bad.txt') === true
      ? route.abort('connectionreset')
      : route.continue(),
  )
  await choose(
    alice.page,
    { name: 'good.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
    { name: 'bad.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  )
  await attachments(alice.page).getByRole('alert').getByText('bad.txt was not uploaded').waitFor()
  await expect.poll(() => attachments(alice.page).getByRole('progressbar').count()).toBe(0)
  await write(alice.page, 'the pump is dry')
  await bob.page.getByRole('link', { name: 'Download good.txt' }).waitFor()
  expect(await shownTexts(bob.page)).toEqual(['the pump is dry'])
  // What failed is still there, to be tried again.
  await alice.page.unroute('**/files')
  await alice.page.getByRole('button', { name: 'Retry', exact: true }).click()
  await expect.poll(() => alice.page.getByRole('button', { name: 'Send' }).isEnabled()).toBe(true)
  await alice.page.getByRole('button', { name: 'Send' }).click()
  await bob.page.getByRole('link', { name: 'Download bad.txt' }).waitFor()
})

test('[API-5] few are uploaded at once, the others wait; one that is cancelled is not sent', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  let begun = 0
  await alice.page.route('**/files', async (route) => {
    begun += 1
    await held
    await route.continue().catch(() => {})
  })
  const files = Array.from({ length: 5 }, (_, n) => ({
    name: `part-${n}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from('x'),
  }))
  await choose(alice.page, ...files)
  await expect.poll(() => attachments(alice.page).getByRole('progressbar').count()).toBe(3)
  expect(await attachments(alice.page).getByText('Waiting for its turn').count()).toBe(2)
  await alice.page.getByText('Uploading 5 files…').waitFor()
  await expect.poll(() => begun).toBe(3)
  await write(alice.page, 'all parts')
  // Enter waits for the files rather than leaving them behind.
  expect(await shownTexts(alice.page)).toEqual([])
  await alice.page.getByRole('button', { name: 'Cancel the upload of part-1.txt' }).click()
  await expect.poll(() => attachments(alice.page).getByText('Waiting for its turn').count()).toBe(1)
  await expect.poll(() => begun).toBe(4)
  release()
  await expect.poll(() => alice.page.getByRole('button', { name: 'Send' }).isEnabled()).toBe(true)
  await alice.page.getByRole('button', { name: 'Send' }).click()
  await bob.page.getByRole('link', { name: 'Download part-4.txt' }).waitFor()
  expect(await bob.page.getByRole('link', { name: /^Download part/ }).count()).toBe(4)
  expect(alice.errors).toEqual([])
})

test('[API-5] what cannot be sent is said before it is tried', async () => {
  let tried = 0
  await alice.page.route('**/files', (route) => {
    tried += 1
    return route.continue()
  })
  await alice.page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([], 'empty.txt'))
    dataTransfer.items.add(new File([new Uint8Array(27_000_000)], 'film.bin'))
    document
      .querySelector('textarea')
      ?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
  })
  const list = attachments(alice.page)
  await list.getByText('There is nothing in this file.').waitFor()
  await list.getByText(/^Too large: 2/).waitFor()
  expect(tried).toBe(0)
  expect(await alice.page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
  await alice.page.getByRole('button', { name: 'Remove film.bin' }).click()
  await alice.page.getByRole('button', { name: 'Remove empty.txt' }).click()
  const many = Array.from({ length: 12 }, (_, n) => ({
    name: `${n}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from('x'),
  }))
  await choose(alice.page, ...many)
  await alice.page.getByText('2 left out: at most 10 files at a time.').waitFor()
  expect(await list.getByRole('listitem').count()).toBe(10)
})

test('[API-5] an upload goes on while one looks into another room', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  await alice.page.route('**/files', async (route) => {
    await held
    await route.continue()
  })
  await choose(alice.page, { name: 'seal.png', mimeType: 'image/png', buffer: png })
  await attachments(alice.page).getByRole('progressbar').waitFor()
  const other = await alice.createRoom({ title: 'Elsewhere' })
  await alice.page.getByRole('link', { name: /Elsewhere/ }).click()
  await alice.page.getByRole('heading', { level: 1, name: other.title }).waitFor()
  expect(await attachments(alice.page).count()).toBe(0)
  release()
  await alice.page.goBack()
  await alice.page.getByRole('heading', { level: 1, name: 'Files' }).waitFor()
  const preview = attachments(alice.page).locator('img')
  await expect
    .poll(() => preview.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(2)
  await expect.poll(() => alice.page.getByRole('button', { name: 'Send' }).isEnabled()).toBe(true)
})
