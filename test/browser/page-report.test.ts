import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { startHarness, type Harness, type Person } from './page-harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())

const say = ({ call }: Person, { room_id }: Room, body: Record<string, unknown>) =>
  call<Message>('POST', `/api/rooms/${room_id}/messages`, body)

const preview = (page: Page) => page.getByRole('article', { name: 'Preview' })

const openReport = async (person: Person, room: Room) => {
  await person.open(room)
  await person.page.keyboard.press('Control+k')
  await person.page.getByRole('combobox', { name: 'Go to a room' }).fill('report')
  await person.page.getByRole('option', { name: 'Report', exact: true }).click()
  await person.page.getByRole('dialog', { name: 'Report' }).waitFor()
}

const withTranscript = async (page: Page) => {
  await page.getByRole('checkbox', { name: 'With everything that was said' }).check()
  await preview(page).getByRole('heading', { name: 'Transcript' }).waitFor()
  await page.getByText(/^The whole report/).waitFor()
}

test('[WEB-7] nothing that people write runs, loads or becomes markup in the report', async () => {
  const alice = await harness.person('alice@muster.test', { bypassCSP: false })
  const { page, context } = alice
  const hostile = [
    '<img src="https://evil.test/a" onerror="document.title=1">',
    '<script>document.title = 1</script>',
    '[click](javascript:alert(1)) ![x](https://evil.test/b.png)',
    '<https://evil.test/c> https://evil.test/d #99 **bold** | cell |',
    '```\n# heading\n- item\n```',
  ]
  const room = await alice.createRoom({ title: 'Line 3 <b onclick=alert(1)>stopped</b>' })
  for (const content of hostile) await say(alice, room, { content })
  const pinned = await say(alice, room, { content: hostile.join('\n') })
  await alice.call('PUT', `/api/rooms/${room.room_id}/messages/${pinned.message_id}/pin`, {})
  const elsewhere: string[] = []
  page.on('request', (request) => elsewhere.push(request.url()))
  page.on('dialog', (dialog) => elsewhere.push(`dialog ${dialog.message()}`))
  await openReport(alice, room)
  await withTranscript(page)
  const text = (await preview(page).textContent()) ?? ''
  for (const line of hostile.join('\n').split('\n')) expect(text).toContain(line)
  const names = await preview(page).evaluate((sheet) => [
    ...new Set([...sheet.querySelectorAll('*')].map((element) => element.localName)),
  ])
  const harmless =
    'div h1 h2 hr p ul li strong em code br table thead tbody tr th td button span'.split(' ')
  expect(names.filter((name) => !harmless.includes(name))).toEqual([])
  expect(
    await preview(page).evaluate((sheet) =>
      [...sheet.querySelectorAll('*')].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith('on') || name === 'src'),
      ),
    ),
  ).toEqual([])
  // What people call #99 is no number of a message; the report's own numbers are.
  expect(await preview(page).getByRole('button', { name: '#99', exact: true }).count()).toBe(0)
  expect(elsewhere.filter((url) => !url.startsWith(harness.worker.served.url))).toEqual([])
  expect(alice.errors).toEqual([])
  await context.close()
})

test('[WEB-7] a number leads to its message; the Markdown is copied and downloaded as it is', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page, context } = alice
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const room = await alice.createRoom({ title: 'Pump 7 leaks' })
  const said = await say(alice, room, { content: 'seal replaced' })
  await openReport(alice, room)
  await withTranscript(page)
  await page.getByRole('button', { name: 'Copy Markdown' }).click()
  await page.getByText('The report is copied.').waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^Pump-7-leaks-r\d+\.md$/)
  const stream = await download.createReadStream()
  const bytes: Buffer[] = []
  for await (const chunk of stream) bytes.push(chunk as Buffer)
  expect(Buffer.concat(bytes).toString()).toBe(copied)
  expect(copied).toContain('seal replaced')
  await preview(page)
    .getByRole('button', { name: `#${said.sequence_number}` })
    .last()
    .click()
  await page.waitForURL(`**/rooms/${room.room_id}/messages/${said.message_id}`)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(alice.errors).toEqual([])
  await context.close()
})

test('[WEB-7] language and range are chosen; an end before its beginning is named', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  await say(alice, room, { content: 'long ago it was not' })
  await openReport(alice, room)
  await withTranscript(page)
  await preview(page).getByText('long ago it was not').waitFor()
  await page.getByRole('combobox', { name: 'Language' }).selectOption('zh-TW')
  await preview(page).getByRole('heading', { name: '摘要' }).waitFor()
  await page.getByRole('textbox', { name: 'From (Taipei time)' }).fill('2020-01-02T08:00')
  await page.getByRole('textbox', { name: 'Until (Taipei time)' }).fill('2020-01-01T08:00')
  await page.getByText('The end must be after the beginning.').waitFor()
  await page.getByRole('textbox', { name: 'Until (Taipei time)' }).fill('2020-01-03T08:00')
  await preview(page).getByText('long ago it was not').waitFor({ state: 'detached' })
  await page.getByText(/^The whole report/).waitFor()
  expect(await preview(page).textContent()).toContain('2020-01-02 08:00:00 +08:00')
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-7] a report that is long stays light, one that is stopped or refused says so', async () => {
  const alice = await harness.person('alice@muster.test')
  const { page } = alice
  const room = await alice.createRoom()
  const lines = Array.from({ length: 1_500 }, (_, n) => `line ${n}`).join('\n')
  for (let n = 0; n < 9; n += 1) await say(alice, room, { content: lines })
  await openReport(alice, room)
  await withTranscript(page)
  await page.getByText('The preview ends here, after 12000 lines.', { exact: false }).waitFor()
  await preview(page).getByText('line 1499', { exact: false }).first().waitFor()
  // Held back, so that there is something to stop.
  const held = Promise.withResolvers<undefined>()
  await page.route('**/report?*', async (route) => {
    await held.promise
    await route.abort()
  })
  const asking = page.waitForRequest('**/report?*')
  await page.getByRole('checkbox', { name: 'With everything that was said' }).uncheck()
  await asking
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('This is not the whole report.', { exact: false }).waitFor()
  held.resolve(undefined)
  await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'The report could not be made.' })
  await alert.waitFor()
  await page.unroute('**/report?*')
  await alert.getByRole('button', { name: 'Retry' }).click()
  await page.getByText(/^The whole report/).waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})

test('[WEB-7] on paper there is the report alone, all of it', async () => {
  const alice = await harness.person('alice@muster.test', { colorScheme: 'dark' })
  const { page } = alice
  const room = await alice.createRoom()
  for (let n = 0; n < 3; n += 1)
    await say(alice, room, {
      content: Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n'),
    })
  await openReport(alice, room)
  await withTranscript(page)
  const pdf = await page.pdf({ format: 'A4' })
  // Three times sixty lines do not fit on the one page that a dialog would be.
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(2)
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  const visible = await page.evaluate(() =>
    [...document.body.children]
      .filter((element) => element.checkVisibility())
      .map((element) => element.className),
  )
  expect(visible).toEqual(['sheet-for-print'])
  expect(await preview(page).evaluate((sheet) => getComputedStyle(sheet).color)).toBe(
    'rgb(0, 0, 0)',
  )
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('dialog').getByRole('article', { name: 'Preview' }).waitFor()
  expect(alice.errors).toEqual([])
  await alice.context.close()
})
