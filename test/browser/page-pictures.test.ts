import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UploadedFile } from '../../src/protocol/file.ts'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  room = await alice.createRoom({ title: 'Pictures' })
  await alice.open(room)
})
afterAll(() => harness.stop())

/** The browser has an encoder, which we have not. */
const pngOf = async (width: number, height: number): Promise<Buffer> => {
  const bytes = await alice.page.evaluate(
    async ([w, h]) => {
      const canvas = new OffscreenCanvas(w, h)
      canvas.getContext('2d')?.fillRect(0, 0, w / 2, h / 2)
      const blob = await canvas.convertToBlob()
      return [...new Uint8Array(await blob.arrayBuffer())]
    },
    [width, height] as const,
  )
  return Buffer.from(bytes)
}

const send = async (
  name: string,
  body: Buffer,
  overrides: Record<string, string> = {},
): Promise<Message> => {
  const response = await alice.context.request.post(
    `/api/rooms/${room.room_id}/files?name=${encodeURIComponent(name)}`,
    {
      headers: {
        origin: new URL(alice.page.url()).origin,
        'content-type': 'application/octet-stream',
      },
      data: body,
    },
  )
  const { file_id } = (await response.json()) as UploadedFile
  return alice.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, {
    message_type: 'image_ref',
    file_id,
    ...overrides,
  })
}

const picture = (name: string): Locator =>
  alice.page
    .getByRole('log')
    .getByRole('link')
    .filter({ has: alice.page.getByAltText(name) })

const viewer = (): Locator => alice.page.getByRole('dialog', { name: /^Picture / })

test('[WEB-3] a picture has its place before it loads, and a failure its retry', async () => {
  const png = await pngOf(600, 400)
  let is_broken = true
  await alice.page.route('**/api/files/*', (route) =>
    is_broken ? route.abort() : route.continue(),
  )
  await send('seal.png', png, { content: 'the seal' })
  const failed = alice.page.getByRole('alert').filter({ hasText: 'could not be loaded' })
  await failed.waitFor()
  await alice.page.getByRole('link', { name: 'Download seal.png' }).waitFor()
  is_broken = false
  await alice.page.getByRole('button', { name: 'Retry', exact: true }).click()
  const image = picture('seal.png').getByRole('img')
  await expect.poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(600)
  const box = await picture('seal.png').boundingBox()
  expect([box?.width, box?.height].map((side) => Math.round(side ?? 0))).toEqual([482, 322])
})

test('[WEB-3] the viewer shows who and when, zooms, goes on, and gives focus back', async () => {
  await send('panel.png', await pngOf(300, 900))
  await picture('panel.png').getByRole('img').waitFor()
  await picture('seal.png').focus()
  await alice.page.keyboard.press('Enter')
  await viewer().getByText('1 of 2').waitFor()
  await viewer().getByText('the seal').waitFor()
  await viewer().getByText('alice@muster.test').waitFor()
  const image = viewer().locator('.stage img')
  await expect.poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(600)
  const width = async () => Math.round((await image.boundingBox())?.width ?? 0)

  expect(await width()).toBe(600)
  await alice.page.keyboard.press('+')
  await expect.poll(width).toBe(900)
  await alice.page.keyboard.press('0')
  await expect.poll(width).toBe(600)
  await image.hover()
  await alice.page.mouse.wheel(0, -200)
  await expect.poll(width).toBeGreaterThan(700)
  await alice.page.keyboard.press('0')
  await image.dblclick()
  await expect.poll(width).toBe(1_800)
  const left = async () => Math.round((await image.boundingBox())?.x ?? 0)
  const before = await left()
  await alice.page.keyboard.press('ArrowRight')
  await expect.poll(left).toBe(before - 80)
  await viewer().getByRole('button', { name: 'Fit to the screen' }).click()

  await alice.page.keyboard.press('ArrowRight')
  await viewer().getByText('2 of 2').waitFor()
  const next = viewer().getByRole('button', { name: 'Next picture' })
  expect(await next.getAttribute('aria-disabled')).toBe('true')
  const link = viewer().getByRole('link', { name: 'Download panel.png' })
  const [download] = await Promise.all([alice.page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toBe('panel.png')
  await alice.page.keyboard.press('Escape')
  await viewer().waitFor({ state: 'detached' })
  await expect
    .poll(() => picture('seal.png').evaluate((one) => one === document.activeElement))
    .toBe(true)
})

test('[WEB-3] two fingers zoom, and a swipe goes on', async () => {
  const phone = await harness.person('alice@muster.test', {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  })
  await phone.open(room)
  await phone.page.getByRole('log').getByAltText('panel.png').tap()
  const dialog = phone.page.getByRole('dialog', { name: /^Picture / })
  await dialog.getByText('2 of 2').waitFor()
  const close = await dialog.getByRole('button', { name: 'Close' }).boundingBox()
  expect((close?.x ?? 999) + (close?.width ?? 0)).toBeLessThanOrEqual(360)
  const cdp = await phone.context.newCDPSession(phone.page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((x, id) => ({ x, y: 370, id })),
    })
  await touch('touchStart', 160, 200)
  await touch('touchMove', 120, 240)
  await touch('touchEnd')
  await dialog.getByRole('img', { name: /^[2-9]\d\d %$/ }).waitFor()
  await dialog.getByRole('button', { name: 'Fit to the screen' }).tap()
  await dialog.getByRole('img', { name: '100 %' }).waitFor()
  await touch('touchStart', 100)
  await touch('touchMove', 250)
  await touch('touchEnd')
  await dialog.getByText('1 of 2').waitFor()
  expect([...phone.errors, ...alice.errors]).toEqual([])
})

test('[API-5] a picture that is not shown here says so and can be downloaded', async () => {
  const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')
  const { message_id } = await send('IMG_0042.HEIC', heic, { message_type: 'file_ref' })
  const row = alice.page.locator(`#message-${message_id}`)
  const card = row.getByRole('link', { name: 'Download IMG_0042.HEIC' })
  await card.getByText('Download it to see it.').waitFor()
  expect(await card.getByText('image/heic').count()).toBe(1)
  expect(alice.errors).toEqual([])
})
