/** Files over a real connection: refused in the middle, cut off, and still there after a restart. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UploadedFile } from '../../src/protocol/file.ts'
import { FILE_MAX_BYTES } from '../../src/protocol/limits.ts'
import { createRoomOf, type RoomOfPeople } from '../support/people.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

let worker: TestWorker
let room: RoomOfPeople
let token: string
beforeAll(async () => {
  worker = await startTestWorker()
  room = await createRoomOf(worker.database.pool, 2)
  token = room.people[0]?.token ?? ''
})
afterAll(() => worker.stop())

const headers = () => ({ authorization: `Bearer ${token}` })

const send = (body: BodyInit, query = ''): Promise<Response> =>
  fetch(`${worker.served.url}/api/rooms/${room.room_id}/files${query}`, {
    method: 'POST',
    headers: headers(),
    body,
    duplex: 'half',
  } as RequestInit)

const formOf = (bytes: Uint8Array<ArrayBuffer>, name = 'readings.bin'): FormData => {
  const form = new FormData()
  form.set('file', new File([bytes], name))
  return form
}

const random = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536)
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, length)))
  return bytes
}

const read = async (file_url: string): Promise<Uint8Array> => {
  const response = await fetch(worker.served.url + file_url, { headers: headers() })
  expect(response.status).toBe(200)
  return new Uint8Array(await response.arrayBuffer())
}

test('[API-5] what was uploaded is there after the Worker was killed', async () => {
  const [small, large] = [random(1_000), random(12_345_678)]
  const stored: [Uint8Array, string][] = []
  for (const bytes of [small, large]) {
    const response = await send(formOf(bytes))
    expect(response.status).toBe(201)
    const file = UploadedFile.parse(await response.json())
    expect(file.size).toBe(bytes.length)
    stored.push([bytes, file.file_url])
  }
  await worker.restart()
  for (const [bytes, file_url] of stored)
    expect(Buffer.from(await read(file_url)).equals(bytes)).toBe(true)
})

test('[API-7] who is refused before anything of a large body was read hears why', async () => {
  const large = new File([random(12_345_678)], 'readings.bin')
  for (let time = 0; time < 8; time += 1) {
    const form = new FormData()
    form.set('file', large)
    const path = time % 2 === 0 ? `/api/rooms/${room.room_id}/files` : '/api/nowhere'
    const response = await fetch(worker.served.url + path, { method: 'POST', body: form })
    expect(response.status).toBe(time % 2 === 0 ? 401 : 404)
  }
})

test('[API-5] who sends too much hears of it, however they send it', async () => {
  const tooMuch = new Uint8Array(FILE_MAX_BYTES + 50_000)
  const chunked = new ReadableStream({
    start(controller) {
      for (let at = 0; at < tooMuch.length; at += 1_000_000)
        controller.enqueue(tooMuch.subarray(at, at + 1_000_000))
      controller.close()
    },
  })
  const answers = [
    await send(formOf(tooMuch)),
    await send(tooMuch, '?name=a.bin'),
    await send(chunked, '?name=a.bin'),
  ]
  for (const answer of answers) {
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ code: 'too_large' })
  }
})

test.each([
  ['a declared length', 'content-length: 9000000\r\n\r\n', 'x'.repeat(6_000_000)],
  ['chunks', 'transfer-encoding: chunked\r\n\r\n', `5b8d80\r\n${'x'.repeat(6_000_000)}\r\n`],
])('[API-5] a body with %s that breaks off becomes no file', async (_, end, body) => {
  const count = async () =>
    (await worker.database.pool.query('SELECT count(*)::int AS files FROM files')).rows[0].files
  const unclaimed = async () =>
    (await worker.database.pool.query('SELECT file_id FROM unclaimed_objects')).rows.length
  const [filesBefore, unclaimedBefore] = [await count(), await unclaimed()]
  const socket = connect(worker.served.port, '127.0.0.1')
  socket.write(
    `POST /api/rooms/${room.room_id}/files?name=a.bin HTTP/1.1\r\nhost: 127.0.0.1\r\n` +
      `authorization: Bearer ${token}\r\n${end}${body}`,
  )
  // The upload is under way: remembered, and no file yet.
  await expect.poll(unclaimed, { timeout: 20_000 }).toBe(unclaimedBefore + 1)
  socket.destroy()
  // The next one is through; nothing of the broken one came before or with it.
  expect((await send('whole', '?name=b.bin')).status).toBe(201)
  expect(await count()).toBe(filesBefore + 1)
  expect(await unclaimed()).toBe(unclaimedBefore + 1)
})
