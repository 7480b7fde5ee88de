import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  DATA_FIELD_NAME_MAX_LENGTH,
  DISPLAY_NAME_MAX_LENGTH,
  LOT_MAX_LENGTH,
  ROOM_LOCATION_MAX_LENGTH,
  ROOM_TITLE_MAX_LENGTH,
} from '../../src/protocol/limits.ts'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { JOIN_SILENTLY } from '../support/join-silently.ts'
import { markupPayloads } from '../support/markup-payloads.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'
import { act } from './page-views.ts'

let harness: Harness
let alice: Person
beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test')
  await watch(alice)
})
afterAll(() => harness.stop())

/** What happened that no text may cause. */
const happened: string[] = []

const watch = async ({ context, page }: Person) => {
  const origin = new URL(harness.worker.served.url).origin
  page.on('dialog', (dialog) => {
    happened.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('page', (other) => happened.push(`window ${other.url()}`))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    const is_own = `${protocol}//${host}` === origin || protocol === 'blob:' || protocol === 'data:'
    if (!is_own) happened.push(`request ${request.url()}`)
  })
  await context.exposeFunction('onRefused', (what: string) => happened.push(what))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const told = window as unknown as { onRefused(what: string): void }
      told.onRefused(`policy ${violatedDirective} ${blockedURI}`)
    })
  })
}

/** Nothing ran, and nothing was made that could. */
const expectHarmless = async (page: Page) => {
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
  const made = await page.evaluate(() =>
    [...document.querySelectorAll('#app *')].flatMap((element) => [
      ...(/^(script|iframe|object|embed|base|meta|link|style|math|template|marquee|video|audio)$/i.test(
        element.tagName,
      )
        ? [element.outerHTML]
        : []),
      ...[...element.attributes]
        .filter(
          ({ name, value }) =>
            name.startsWith('on') ||
            (/^(href|src|action|formaction|xlink:href)$/.test(name) &&
              !/^(https?:|blob:|\/|#)/.test(value)),
        )
        .map(({ name, value }) => `${name}=${value}`),
    ]),
  )
  expect(made).toEqual([])
  expect(happened).toEqual([])
}

const fitting = (limit: number) => markupPayloads.filter((payload) => payload.length <= limit)
const say = (room: Room, body: Record<string, unknown>) =>
  alice.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, body)

const textsOf = (page: Page) =>
  page
    .getByRole('log')
    .locator('article')
    .evaluateAll((rows) => rows.map((row) => row.textContent ?? ''))

test('[SEC-3] there are enough of them, and they are no harmless ones', async () => {
  expect(markupPayloads.length).toBeGreaterThanOrEqual(60)
  // The control: a page that takes text for markup, and has no policy, is marked by some.
  const context = await harness.browser.newContext()
  const page = await context.newPage()
  await page.setContent('<main></main>')
  await page.evaluate(
    (texts) => {
      for (const text of texts) document.body.insertAdjacentHTML('beforeend', text)
    },
    markupPayloads.filter((text) => text.includes('<img') || text.includes('<svg')),
  )
  await expect.poll(() => page.evaluate(() => 'pwned' in window)).toBe(true)
  await context.close()
})

test('[SEC-3] as messages, quotes, pins and edits they stay the text they are', async () => {
  const room = await alice.createRoom()
  const said: Message[] = []
  for (const content of markupPayloads) said.push(await say(room, { content }))
  const some = said.filter((_, index) => index % 12 === 0)
  for (const { message_id } of some) {
    await alice.call('PUT', `/api/rooms/${room.room_id}/messages/${message_id}/pin`, {})
    await say(room, { content: 'an answer', reply_to: message_id })
  }
  const { page } = alice
  await alice.open(room)
  // Of a block of code the fences are not shown.
  const shown = markupPayloads.map((payload) => payload.replace(/^```\w*\n([^]*)\n```$/, '$1'))
  // Only the rows around the reader are in the document.
  const texts = new Set<string>()
  const readUp = async () => {
    for (const text of await textsOf(page)) texts.add(text)
    await page.getByRole('log').evaluate((log) => log.scrollBy(0, -log.clientHeight / 2))
    return shown.filter((payload) => ![...texts].some((text) => text.includes(payload)))
  }
  await expect.poll(readUp, { interval: 30 }).toEqual([])
  await page.getByRole('button', { name: 'Pinned', exact: true }).first().click()
  await page.getByRole('complementary').getByRole('listitem').first().waitFor()
  await expectHarmless(page)
  await act(page, 'Search')
  await page.getByRole('complementary').getByRole('searchbox').first().fill('script')
  await page.getByRole('complementary').locator('mark').first().waitFor()
  await expectHarmless(page)
  await act(page, 'Report')
  await page.getByRole('dialog').getByText('window.pwned=1').first().waitFor()
  await expectHarmless(page)
})

test('[SEC-3] as titles, places, lots and previews on cards and in the header', async () => {
  const titles = fitting(ROOM_TITLE_MAX_LENGTH)
  expect(titles.length).toBeGreaterThan(60)
  const rooms = titles.map((title) => ({
    room_id: randomUUID(),
    title,
    incident_type: 'other',
    severity: 'high',
    location: title.slice(0, ROOM_LOCATION_MAX_LENGTH),
    description: title,
    lots: [title.slice(0, LOT_MAX_LENGTH)],
  }))
  for (const { room_id, ...details } of rooms)
    await harness.worker.database.pool.query('SELECT create_room($1, $2, $3)', [
      room_id,
      alice.user_id,
      JSON.stringify(details),
    ])
  const { page } = alice
  await page.goto('/')
  const shown = () => page.getByRole('navigation').locator('h3').allTextContents()
  await expect.poll(async () => (await shown()).length).toBeGreaterThanOrEqual(titles.length)
  expect(await shown()).toEqual(expect.arrayContaining(titles))
  await expectHarmless(page)
  const opened = rooms.filter(({ title }) => /^<img src=x on|^jaVasCript:|^\{\{c/.test(title))
  expect(opened.length).toBeGreaterThanOrEqual(3)
  for (const room of opened) {
    await page.goto(`/rooms/${room.room_id}`)
    await page.getByText('Live', { exact: true }).waitFor()
    await alice.call('POST', `/api/rooms/${room.room_id}/messages`, { content: room.title })
    expect(await page.locator('h1[title]').textContent()).toBe(room.title)
    await page.getByRole('button', { name: /^Members/ }).click()
    await page.getByRole('complementary').getByRole('heading', { name: 'Members' }).waitFor()
    const about = page.getByRole('region', { name: 'About this incident' })
    expect(await about.locator('p').textContent()).toBe(room.description)
    await act(page, 'Edit room')
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe(room.title)
    await expectHarmless(page)
    await page.getByRole('button', { name: 'Cancel' }).click()
  }
  await expect
    .poll(() => page.getByRole('navigation').locator('.preview').allTextContents())
    .toEqual(
      expect.arrayContaining(
        opened.map(({ title }) => expect.stringContaining(title.slice(0, 60))),
      ),
    )
})

test('[SEC-3] as names of people: members, senders, faces', async () => {
  const room = await alice.createRoom({ title: 'Names' })
  const names = fitting(DISPLAY_NAME_MAX_LENGTH)
  const { pool } = harness.worker.database
  for (const [index, display_name] of names.entries()) {
    const user_id = `person-${index}@muster.test`
    await pool.query('INSERT INTO tr_users (user_id, display_name) VALUES ($1, $2)', [
      user_id,
      display_name,
    ])
    await pool.query(JOIN_SILENTLY, [room.room_id, user_id, 'editor', randomUUID(), alice.user_id])
  }
  const { page } = alice
  await alice.open(room)
  await page.getByRole('button', { name: /^Members/ }).click()
  const members = page.getByRole('complementary')
  await expect.poll(() => members.locator('.name').count()).toBeGreaterThan(names.length)
  expect(await members.locator('.name').allTextContents()).toEqual(expect.arrayContaining(names))
  await expectHarmless(page)
  // As who says something, is answered and is here.
  const name = names.find((one) => one.startsWith('<img src=x onerror')) ?? ''
  const writer = await harness.person(`person-${names.indexOf(name)}@muster.test`)
  await writer.open(room)
  const message = await writer.call<Message>('POST', `/api/rooms/${room.room_id}/messages`, {
    content: 'said by somebody',
  })
  expect(message.sender_display_name).toBe(name)
  await say(room, { content: 'an answer', reply_to: message.message_id })
  await expect.poll(async () => (await textsOf(page)).at(-1)).toContain(name)
  await expectHarmless(page)
  await writer.context.close()
})

test('[SEC-3] as readings, file names and reactions', async () => {
  const room = await alice.createRoom({ title: 'Readings' })
  const keys = fitting(DATA_FIELD_NAME_MAX_LENGTH).filter(
    // A name has no dot and no control characters (MSG-4); the deed may be another way to write it.
    (key) => !/[.\p{Cc}]/u.test(key.replaceAll('window.pwned', 'pwned')),
  )
  for (const payload of keys) {
    const key = payload.replaceAll('window.pwned', 'pwned')
    await say(room, { message_type: 'incident_data', content: { [key]: payload } }).catch(
      (error: Error) => expect(error.message).toContain('bad_request'),
    )
  }
  const message = await say(room, { content: 'react to this' })
  for (const payload of markupPayloads.slice(0, 10)) {
    const path = `/api/rooms/${room.room_id}/messages/${message.message_id}/reactions`
    const refused = alice.call('PUT', `${path}/${encodeURIComponent(payload)}`)
    await expect(refused).rejects.toThrow(/bad_request|not_found/)
  }
  const { page } = alice
  await alice.open(room)
  await page.getByText('react to this').last().waitFor()
  const names = markupPayloads.filter((_, index) => index % 20 === 0)
  await page.locator('input[type="file"]').setInputFiles(
    names.map((name) => ({
      name: `${name.replaceAll('/', '_').slice(0, 120)}.txt`,
      mimeType: 'text/plain',
      buffer: Buffer.from('x'),
    })),
  )
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect
    .poll(() => page.getByRole('log').getByRole('link', { name: /\.txt/ }).count())
    .toBeGreaterThanOrEqual(1)
  await expectHarmless(page)
  expect(alice.errors).toEqual([])
})
