/** Uploads in a real browser: what could run does not, and pictures are what they were said to be. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UploadedFile } from '../../src/protocol/file.ts'
import { bytesOf, exif, gifBytes, html, pngBytes, svg } from '../support/file-samples.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let person: Person
let room_id: string
beforeAll(async () => {
  harness = await startHarness()
  person = await harness.person('mei@example.com')
  room_id = (await person.createRoom()).room_id
})
afterAll(() => harness.stop())

const upload = async (name: string, content: string | Uint8Array): Promise<UploadedFile> => {
  const buffer = Buffer.from(content)
  const response = await person.context.request.post(`/api/rooms/${room_id}/files`, {
    headers: { origin: new URL(harness.worker.served.url).origin },
    multipart: { file: { name, mimeType: 'text/html', buffer } },
  })
  return UploadedFile.parse(await response.json())
}

const ourPage = async ({ context } = person): Promise<Page> => {
  const page = await context.newPage()
  await page.goto('/')
  return page
}

/** How an element of our own page fares with this file: `load` or `error`. */
const embed = (page: Page, tag: 'img' | 'script', url: string): Promise<string> =>
  page.evaluate(
    ([name, src]) =>
      new Promise<string>((resolve) => {
        const element = Object.assign(document.createElement(name as 'img'), { src })
        for (const kind of ['load', 'error']) element.addEventListener(kind, () => resolve(kind))
        document.body.append(element)
      }),
    [tag, url] as const,
  )

const size = { width: 3, height: 2 }

describe('[SEC-3] opened directly', () => {
  test('control: these would run, were they served as pages', async () => {
    for (const content of [html, svg, `<!doctype html>${svg}`]) {
      const page = await person.context.newPage()
      await page.route('**/control', (route) =>
        route.fulfill({ body: content, contentType: 'text/html' }),
      )
      await page.goto('/control')
      expect(await page.title()).toBe('ran')
      await page.close()
    }
  })

  test.each([
    ['HTML', 'page.html', html],
    ['HTML called a picture', 'page.png', html],
    ['SVG', 'drawing.svg', svg],
    [
      'XHTML',
      'page.xhtml',
      `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">${svg}</html>`,
    ],
    ['HTML behind a NUL', 'page.html', bytesOf('\0', html)],
  ])('%s is downloaded, and does not run', async (_, name, content) => {
    const { file_url } = await upload(name, content)
    const page = await ourPage()
    const title = await page.title()
    const downloading = page.waitForEvent('download')
    // Chromium calls off the navigation, which playwright reports as a failure.
    await page.goto(file_url).catch(() => {})
    const download = await downloading
    expect(download.suggestedFilename()).toBe(name)
    expect(await page.title()).toBe(title)
    await page.close()
  })

  test.each([
    ['GIF', gifBytes(size, html)],
    ['PNG', pngBytes(size, html)],
  ])('a %s with a page in it is a picture, even where it is called a page', async (_, content) => {
    const { file_url } = await upload('page.html', content)
    const page = await ourPage()
    await page.goto(file_url)
    expect(await page.title()).not.toBe('ran')
    expect(await page.locator('script').count()).toBe(0)
    await page.close()
  })
})

describe('[SEC-3] in our own page', () => {
  // Its policy allows no such script either; a file has to be harmless by itself.
  let unguarded: Person
  beforeAll(async () => {
    unguarded = await harness.person('mei@example.com', { bypassCSP: true })
  })

  test.each([
    ['JavaScript', 'a.js', 'document.title = "ran"'],
    ['a table', 'a.csv', 'document.title = "ran"'],
    ['a picture', 'a.gif', bytesOf('GIF89a=0;document.title="ran"')],
  ])('%s is no script', async (_, name, content) => {
    const { file_url } = await upload(name, content)
    const page = await ourPage(unguarded)
    expect(await embed(page, 'script', file_url)).toBe('error')
    expect(await page.title()).not.toBe('ran')
    await page.close()
  })

  test('a drawing is no picture, and a picture is one', async () => {
    const page = await ourPage()
    expect(await embed(page, 'img', (await upload('a.svg', svg)).file_url)).toBe('error')
    const { file_url } = await drawn(page, 'image/png')
    expect(await embed(page, 'img', file_url)).toBe('load')
    await page.close()
  })
})

/** A picture that the browser itself made, sent by a form of its own. */
const drawn = async (page: Page, type: string, after = ''): Promise<UploadedFile> => {
  const answer = await page.evaluate(
    async ({ path, mime, segment }) => {
      const canvas = new OffscreenCanvas(320, 200)
      const context = canvas.getContext('2d')
      context?.fillRect(10, 10, 50, 80)
      const blob = await canvas.convertToBlob({ type: mime })
      const bytes = Uint8Array.from(atob(segment), (character) => character.charCodeAt(0))
      // Behind the two bytes with which a JPEG starts.
      const parts = segment === '' ? [blob] : [blob.slice(0, 2), bytes, blob.slice(2)]
      const form = new FormData()
      form.set('file', new File(parts, '壓力表 "4".jpg', { type: mime }))
      const response = await fetch(path, { method: 'POST', body: form })
      return response.json() as Promise<unknown>
    },
    { path: `/api/rooms/${room_id}/files`, mime: type, segment: after },
  )
  return UploadedFile.parse(answer)
}

const shownSize = (page: Page, url: string) =>
  page.evaluate(async (src) => {
    const image = Object.assign(new Image(), { src })
    await image.decode()
    return { width: image.naturalWidth, height: image.naturalHeight }
  }, url)

describe('[API-5] a picture made by the browser', () => {
  test.each(['image/png', 'image/jpeg', 'image/webp'])('of %s', async (type) => {
    const page = await ourPage()
    const file = await drawn(page, type)
    expect(file).toMatchObject({ content_type: type, name: '壓力表 "4".jpg' })
    expect({ width: file.width, height: file.height }).toEqual({ width: 320, height: 200 })
    expect(await shownSize(page, file.file_url)).toEqual({ width: 320, height: 200 })
    await page.close()
  })

  test.each([1, 3, 6, 8])('that EXIF turns as %i is as it is shown', async (orientation) => {
    const page = await ourPage()
    const segment = Buffer.from(exif(orientation)).toString('base64')
    const file = await drawn(page, 'image/jpeg', segment)
    const shown = await shownSize(page, file.file_url)
    expect({ width: file.width, height: file.height }).toEqual(shown)
    expect(shown.width).toBe(orientation >= 5 ? 200 : 320)
    await page.close()
  })
})
