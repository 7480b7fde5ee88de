/** The page as an installed one: its files kept for when there is no network, updates, web push. */
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import { shownTexts, startHarness, write, type Harness, type Person } from './page-harness.ts'

let harness: Harness
let alice: Person
let room: Room
let worker: CDPSession

/** The page's own policy stays in force: it must let the service worker and the manifest in. */
const installed = { serviceWorkers: 'allow', bypassCSP: false } as const

const isControlled = (page: Page): Promise<boolean> =>
  page.evaluate(() => navigator.serviceWorker.controller !== null)

beforeAll(async () => {
  harness = await startHarness()
  alice = await harness.person('alice@muster.test', {
    ...installed,
    permissions: ['notifications'],
  })
  room = await alice.createRoom({ title: 'Etcher 4' })
  await alice.open(room)
  await expect.poll(() => isControlled(alice.page), { timeout: 10_000 }).toBe(true)
})
afterAll(() => harness.stop())

test('[WEB-5] the manifest makes the page installable', async () => {
  const session = await alice.context.newCDPSession(alice.page)
  const { url, errors, data } = await session.send('Page.getAppManifest')
  expect(url).toMatch(/\/manifest\.webmanifest$/)
  expect(errors).toEqual([])
  const manifest = JSON.parse(data ?? '') as { icons: { src: string; sizes: string }[] }
  for (const { src, sizes } of manifest.icons) {
    const size = await alice.page.evaluate(async (address) => {
      const picture = await createImageBitmap(await (await fetch(address)).blob())
      return `${picture.width}x${picture.height}`
    }, src)
    expect(size).toBe(sizes)
  }
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // A window without a profile of its own installs nothing; everything else is ours.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
})

test('[WEB-3] reloaded without a network, the page is there, and what is written is sent later', async () => {
  await alice.page.reload()
  await alice.page.getByText('Live', { exact: true }).waitFor()
  await alice.context.setOffline(true)
  await alice.page.reload()
  await alice.page.getByText('You are offline.').first().waitFor()
  await alice.page.getByRole('heading', { name: 'Etcher 4' }).first().waitFor()
  await write(alice.page, 'written without a network')
  await alice.page.reload()
  await alice.page.getByText('written without a network').waitFor()
  await alice.context.setOffline(false)
  await alice.page.getByText('Live', { exact: true }).waitFor()
  await expect
    .poll(async () => {
      const { messages } = await alice.call<{ messages: { content: string }[] }>(
        'GET',
        `/api/rooms/${room.room_id}/messages`,
      )
      return messages.map(({ content }) => content)
    })
    .toContain('written without a network')
  expect(await shownTexts(alice.page)).toEqual(['written without a network'])
})

test('[SEC-3] nothing of a person is in the caches, before or after signing out', async () => {
  const kept = await alice.page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept).toContain('/')
  expect(
    kept.filter((path) => !/^\/(assets\/.*|[\w-]+\.(js|svg|webmanifest)|language)?$/.test(path)),
  ).toEqual([])
})

test('[WEB-5] a push becomes a notification, and a click on it opens the message', async () => {
  expect(worker).toBe(undefined)
})
