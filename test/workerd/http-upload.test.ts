/** Uploading to a room: streamed, bounded, looked at, and only by those who may write (API-5). */
import { createExecutionContext } from 'cloudflare:test'
import { describe, expect, test, vi } from 'vitest'
import type { Env } from '../../src/env.ts'
import { createApp } from '../../src/http/app.ts'
import { discardBody } from '../../src/http/body-chunks.ts'
import { uploadPieces } from '../../src/http/upload-body.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import { FILE_MAX_BYTES } from '../../src/protocol/limits.ts'
import {
  bytesOf,
  formBytes,
  gifBytes,
  html,
  jpegBytes,
  pngBytes,
  svg,
} from '../support/file-samples.ts'
import { addMember, makeAdmin, openRoom, readPage, say, signIn } from './http-client.ts'
import { bindings } from './support/bindings.ts'
import {
  fileRow,
  formHeaders,
  hasObject,
  objectCount,
  post,
  postForm,
  readFile,
  streamOf,
  upload,
} from './support/files.ts'

const mebibyte = 1_048_576
const uuid = /^[0-9a-f-]{36}$/

/** As much of it as is random, told by its place. */
const patterned = (index: number, length = mebibyte): Uint8Array =>
  new Uint8Array(length).fill(index % 256)

test('[API-5] a form with a file is answered with what it is', async () => {
  const sender = await signIn('mei')
  const { room_id } = await openRoom(sender)
  const content = pngBytes({ width: 640, height: 480 })
  const { status, body } = await postForm(sender, room_id, [
    { name: 'note', content: 'before' },
    { filename: '壓力表.png', content },
    { name: 'note', content: 'after' },
  ])
  expect(status).toBe(201)
  expect(body).toEqual({
    file_id: expect.stringMatching(uuid) as string,
    file_url: `/api/files/${body.file_id}`,
    name: '壓力表.png',
    size: content.length,
    content_type: 'image/png',
    width: 640,
    height: 480,
  })
  expect(await fileRow(body.file_id)).toMatchObject({
    room_id,
    uploaded_by: sender.user_id,
    name: '壓力表.png',
    content_type: 'image/png',
    width: 640,
    height: 480,
    referenced_at: null,
  })
  expect(new Uint8Array(await (await readFile(sender, body.file_id)).arrayBuffer())).toEqual(
    content,
  )
})

test('[API-5] the same as a FormData of the platform', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const form = new FormData()
  form.set('file', new File(['4.1 bar'], '讀數 "A".csv', { type: 'text/html' }))
  const { status, body } = await post(sender, room_id, form)
  expect(status).toBe(201)
  expect(body).toMatchObject({ name: '讀數 "A".csv', size: 7, content_type: 'text/csv' })
  expect(body).not.toHaveProperty('width')
})

test('[API-5] bytes without a form have their name in the address', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const query = `?name=${encodeURIComponent('../報告.pdf')}`
  const headers = { 'content-type': 'image/png' }
  const { status, body } = await post(sender, room_id, bytesOf('%PDF-1.7'), { query, headers })
  expect(status).toBe(201)
  expect(body).toMatchObject({ name: '報告.pdf', content_type: 'application/pdf', size: 8 })
})

test('[API-5] a picture that a phone turned is as high as it is shown', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const content = jpegBytes({ width: 4032, height: 3024 }, 6)
  expect(await upload(sender, room_id, { filename: 'IMG_1.JPG', content })).toMatchObject({
    content_type: 'image/jpeg',
    width: 3024,
    height: 4032,
  })
})

test.each([
  ['text/plain', 'x.png', html],
  ['text/plain', 'x.svg', svg],
  ['text/plain', 'x.html', `<?xml version="1.0"?>${svg}`],
  ['image/gif', 'x.html', gifBytes({ width: 9, height: 9 }, html)],
  ['application/octet-stream', 'x.html', `\0${html}`],
])('[SEC-3] it is %s, though it claims to be %s', async (content_type, filename, content) => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  expect(await upload(sender, room_id, { filename, content })).toMatchObject({
    content_type,
    name: filename,
  })
})

describe('[API-5] a large file', () => {
  test('goes into the store in parts, and comes out as it went in', async () => {
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const { stream } = streamOf(11, (index) => patterned(index))
    const { status, body } = await post(sender, room_id, stream, { query: '?name=a.bin' })
    expect(status).toBe(201)
    expect(body.size).toBe(11 * mebibyte)
    const read = new Uint8Array(await (await readFile(sender, body.file_id)).arrayBuffer())
    expect(read.length).toBe(11 * mebibyte)
    for (let index = 0; index < 11; index += 1)
      expect(read.subarray(index * mebibyte, (index + 1) * mebibyte)).toEqual(patterned(index))
  })

  test('may be as large as the limit, and not a byte larger', async () => {
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const chunks = FILE_MAX_BYTES / mebibyte
    const all = streamOf(chunks, (index) => patterned(index))
    const most = await post(sender, room_id, all.stream, { query: '?name=a.bin' })
    expect(most).toMatchObject({ status: 201, body: { size: FILE_MAX_BYTES } })
    const over = streamOf(chunks + 1, (index) => patterned(index, index === chunks ? 1 : mebibyte))
    const refused = await post<Problem>(sender, room_id, over.stream, { query: '?name=a.bin' })
    expect(refused).toMatchObject({ status: 413, body: { code: 'too_large' } })
  })

  test.each<[string, Record<string, string>, string]>([
    ['bytes', {}, '?name=a.bin'],
    ['a form', formHeaders, ''],
  ])(
    'of undeclared length is not stored, and not read on for ever: %s',
    async (_, headers, query) => {
      const sender = await signIn()
      const { room_id } = await openRoom(sender)
      const before = await objectCount()
      const head = formBytes('a-boundary-of-tests', [{ filename: 'a.bin', content: '' }])
      const form = head.subarray(0, head.length - '\r\n--a-boundary-of-tests--\r\n'.length)
      const endless = streamOf(1_000, (index) =>
        index === 0 && query === '' ? form : patterned(index),
      )
      const refused = await post<Problem>(sender, room_id, endless.stream, { headers, query })
      expect(refused).toMatchObject({ status: 413, body: { code: 'too_large' } })
      // The limit, as much again for the sender to hear of it, and what is on its way.
      expect(endless.asked.count).toBeLessThan(60)
      expect(await objectCount()).toBe(before)
    },
  )

  test('of declared length is refused, and not read on for ever', async () => {
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const { stream, asked } = streamOf(1_000, patterned)
    const headers = { 'content-length': String(FILE_MAX_BYTES + 1) }
    const refused = await post<Problem>(sender, room_id, stream, { headers, query: '?name=a' })
    expect(refused).toMatchObject({ status: 413, body: { code: 'too_large' } })
    expect(asked.count).toBeLessThan(35)
  })

  test('cannot hide in another field of the form', async () => {
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const parts = [{ name: 'note', content: new Uint8Array(100_000) }]
    const refused = await postForm<Problem>(sender, room_id, parts)
    expect(refused).toMatchObject({ status: 413, body: { code: 'too_large' } })
  })
})

describe('[API-7] what is no upload', () => {
  const file = { filename: 'a.txt', content: 'x' }
  test.each([
    ['a form without a file', [{ name: 'other', content: 'x' }], 'file'],
    ['a form without anything', [], 'file'],
    ['a field in the place of the file', [{ content: 'x' }], 'file'],
    ['two files', [file, file], 'file'],
    ['an empty file', [{ filename: 'a.txt', content: '' }], 'file'],
  ])('%s is refused', async (_, parts, field) => {
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const { status, body } = await postForm<Problem>(sender, room_id, parts)
    expect({ status, code: body.code, field: body.field }).toEqual({
      status: 400,
      code: 'bad_request',
      field,
    })
  })

  test.each<[string, Record<string, string>, string, string | undefined]>([
    ['bytes without a name', {}, '', 'name'],
    ['a name without any length', {}, '?name=', 'name'],
    ['a form without a boundary', { 'content-type': 'multipart/form-data' }, '', undefined],
    ['another form', { 'content-type': 'multipart/mixed; boundary=x' }, '', undefined],
    ['a form that is none', formHeaders, '', undefined],
  ])('%s is refused', async (_, headers, query, field) => {
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const { status, body } = await post<Problem>(sender, room_id, 'x', { headers, query })
    expect(status).toBe(400)
    expect(body.code).toBe('bad_request')
    expect(body.field).toBe(field)
  })

  test('nothing is kept of a body that breaks off', async () => {
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const before = await objectCount()
    const { stream } = streamOf(9, (index) => {
      if (index === 7) throw new Error('the sender went away')
      return patterned(index)
    })
    const headers = { authorization: `Bearer ${sender.token}` }
    const path = `/api/rooms/${room_id}/files?name=a`
    const init = { method: 'POST', headers, body: stream }
    const refused = await createApp(bindings).request(
      path,
      init,
      bindings,
      createExecutionContext(),
    )
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ code: 'bad_request' })
    expect(await objectCount()).toBe(before)
  })
})

describe('[SEC-2] who may upload', () => {
  test.each([
    ['owner', 201],
    ['editor', 201],
    ['viewer', 403],
    ['admin', 201],
    ['stranger', 403],
  ])('%s: %i', async (who, expected) => {
    const [owner, other] = [await signIn(), await signIn()]
    const { room_id } = await openRoom(owner)
    if (who === 'editor' || who === 'viewer')
      await addMember(owner, room_id, { user_id: other.user_id, role: who })
    if (who === 'admin') await makeAdmin(other.user_id)
    const { stream, asked } = streamOf(20, (index) => patterned(index, 65_536))
    const before = await objectCount()
    const caller = who === 'owner' ? owner : other
    const { status } = await post(caller, room_id, stream, { query: '?name=a' })
    expect(status).toBe(expected)
    // Also of those who may not, the body is read: they would not hear why over HTTP/1.1.
    expect(asked.count).toBe(20)
    expect((await objectCount()) - before).toBe(expected === 201 ? 1 : 0)
  })

  test('nobody without a token, and not into a room that is not there', async () => {
    const sender = await signIn()
    const nowhere = await post<Problem>(sender, crypto.randomUUID(), 'x', { query: '?name=a' })
    expect(nowhere).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const { room_id } = await openRoom(sender)
    const nobody = await post<Problem>({ ...sender, token: 'x' }, room_id, 'x')
    expect(nobody.status).toBe(401)
  })

  test('nobody into an archived room', async () => {
    const owner = await signIn()
    const { room_id } = await openRoom(owner)
    await owner.patch(`/api/rooms/${room_id}`, { status: 'archived' })
    const refused = await post<Problem>(owner, room_id, 'x', { query: '?name=a' })
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  test('no longer those who were removed while it was under way', async () => {
    const [owner, editor] = [await signIn(), await signIn()]
    const { room_id } = await openRoom(owner)
    await addMember(owner, room_id, { user_id: editor.user_id, role: 'editor' })
    const { stream } = streamOf(2, async (index) => {
      if (index === 1) await owner.delete(`/api/rooms/${room_id}/members/${editor.user_id}`)
      return patterned(index, 10)
    })
    const refused = await post<Problem>(editor, room_id, stream, { query: '?name=a' })
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })
})

describe('[LIM-3] R2 is down', () => {
  /** Everything that is asked of it fails. */
  const broken = new Proxy({} as R2Bucket, {
    get: () => () => Promise.reject(new Error('we encountered an internal error')),
  })
  const { FILES: _, ...without } = bindings

  test.each<[string, Env]>([
    ['it fails', { ...bindings, FILES: broken }],
    ['there is none', without],
  ])('%s: files are unavailable, messages are not', async (_name, env) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const sender = await signIn()
    const { room_id } = await openRoom(sender)
    const { file_id } = await upload(sender, room_id)
    const app = createApp(env)
    const headers = { authorization: `Bearer ${sender.token}` }
    const ask = (path: string, init: RequestInit = {}) =>
      app.request(
        path,
        { ...init, headers: { ...headers, ...init.headers } },
        env,
        createExecutionContext(),
      )

    for (const body of ['x', new Uint8Array(6 * mebibyte)]) {
      const path = `/api/rooms/${room_id}/files?name=a`
      const refused = await ask(path, { method: 'POST', body })
      expect(refused.status).toBe(503)
      expect(await refused.json()).toMatchObject({ code: 'unavailable', retry_after_ms: 5_000 })
    }
    const unread = await ask(`/api/files/${file_id}`)
    expect(unread.status).toBe(503)
    expect(await unread.json()).toMatchObject({ code: 'unavailable' })

    const said = await ask(`/api/rooms/${room_id}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'without pictures then' }),
    })
    expect(said.status).toBe(201)
    expect((await ask('/health/ready')).status).toBe(200)
    await say(sender, room_id, 'and over the other one')
    expect((await readPage(sender, room_id)).messages).toHaveLength(2)
    logged.mockRestore()
  })
})

test('[LIM-4] a sender who falls silent is not waited for', async () => {
  const { stream } = streamOf(2, (index) =>
    index === 0 ? patterned(0, 10) : new Promise<Uint8Array>(() => {}),
  )
  const request = new Request('http://muster.test', { method: 'POST', body: stream })
  const kinds: string[] = []
  for await (const { kind } of uploadPieces(request, 'a', 50)) kinds.push(kind)
  expect(kinds).toEqual(['named', 'bytes', 'refused'])
})

test('[LIM-4] a refused body that drips for ever is not read for ever', async () => {
  const clock = vi.spyOn(Date, 'now')
  let drips = 0
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      drips += 1
      clock.mockReturnValue(drips * 900)
      controller.enqueue(patterned(0, 1))
    },
  })
  clock.mockReturnValue(0)
  await discardBody(stream, 1_000)
  clock.mockRestore()
  expect(drips).toBeGreaterThan(30)
  expect(drips).toBeLessThan(40)
})

test('[LIM-4] uploads hold back so much at once and no more; later ones go on', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const gate = Promise.withResolvers<void>()
  let answered = 0
  const uploads = Array.from({ length: 12 }, async () => {
    const { stream } = streamOf(1, async (index) => {
      await gate.promise
      return patterned(index, 10)
    })
    const { status } = await post(sender, room_id, stream, { query: '?name=a' })
    answered += 1
    return status
  })
  await vi.waitFor(() => expect(answered).toBe(4), { timeout: 15_000 })
  gate.resolve()
  const statuses = await Promise.all(uploads)
  expect(statuses.toSorted()).toEqual([...Array(8).fill(201), ...Array(4).fill(503)])
  const { file_id } = await upload(sender, room_id)
  expect(await hasObject(file_id)).toBe(true)
  logged.mockRestore()
})
