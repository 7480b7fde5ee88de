/** Reading files: by members as of now, in parts, and with nothing that could run (API-5, SEC-3). */
import { describe, expect, test } from 'vitest'
import { FILE_MAX_BYTES } from '../../src/protocol/limits.ts'
import type { Message } from '../../src/protocol/message.ts'
import { commonHeaders } from '../../src/http/security-headers.ts'
import { bytesOf, gifBytes, html, pngBytes, svg } from '../support/file-samples.ts'
import { invite, makeAdmin, openRoom, readPage, send, signIn, type Caller } from './http-client.ts'
import { readByCookie, readFile, referTo, statusOf, upload } from './support/files.ts'

const picture = { filename: 'gauge.png', content: pngBytes({ width: 64, height: 48 }, 'pixels') }

/** A room with a file that its owner has sent. */
const roomWithFile = async (
  sent = picture as { filename: string; content: string | Uint8Array },
) => {
  const owner = await signIn('mei')
  const { room_id } = await openRoom(owner)
  const file = await upload(owner, room_id, sent)
  const { message_id } = await referTo(owner, room_id, file.file_id)
  const deleteMessage = () => owner.delete(`/api/rooms/${room_id}/messages/${message_id}`)
  return { owner, room_id, file, file_id: file.file_id, deleteMessage }
}

describe('[SEC-2] who may read a file', () => {
  test.each([
    ['owner', 200],
    ['editor', 200],
    ['viewer', 200],
    ['admin', 200],
    ['stranger', 403],
  ])('%s: %i', async (who, expected) => {
    const { owner, room_id, file_id } = await roomWithFile()
    const other = await signIn()
    if (who === 'editor' || who === 'viewer')
      await invite(owner, room_id, { user_id: other.user_id, role: who })
    if (who === 'admin') await makeAdmin(other.user_id)
    expect(await statusOf(who === 'owner' ? owner : other, file_id)).toBe(expected)
  })

  test('nobody without a token; and what is not there is not there', async () => {
    const { owner, file_id } = await roomWithFile()
    expect(await statusOf({ ...owner, token: 'x' }, file_id)).toBe(401)
    for (const unknown of [crypto.randomUUID(), 'x', '..%2f..%2fsecret'])
      expect(await statusOf(owner, unknown)).toBe(404)
  })

  test('a member of another room only reads the files of that one', async () => {
    const [one, other] = [await roomWithFile(), await roomWithFile()]
    expect(await statusOf(one.owner, other.file_id)).toBe(403)
  })

  test('nobody who was removed, from that moment on, whatever their browser has kept', async () => {
    const { owner, room_id, file_id } = await roomWithFile()
    const member = await signIn()
    await invite(owner, room_id, { user_id: member.user_id, role: 'editor' })
    const first = await readFile(member, file_id)
    await first.arrayBuffer()
    const tag = first.headers.get('etag') ?? ''
    const again = { headers: { 'if-none-match': tag } }
    expect((await readFile(member, file_id, again)).status).toBe(304)

    await owner.delete(`/api/rooms/${room_id}/members/${member.user_id}`)
    expect(await statusOf(member, file_id)).toBe(403)
    expect((await readFile(member, file_id, again)).status).toBe(403)
    expect((await readFile(member, file_id, { method: 'HEAD' })).status).toBe(403)
    expect((await readByCookie(member, file_id)).status).toBe(403)
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
  })
})

test('[API-5] [MSG-5] a message carries what is known of its file, for the page to keep its place', async () => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner)
  const { file_url, ...file } = await upload(owner, room_id, picture)
  const { status, body } = await owner.post<Message>(`/api/rooms/${room_id}/messages`, {
    message_type: 'image_ref',
    content: 'the gauge',
    file_id: file.file_id,
    file_url,
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({ file_id: file.file_id, file_url, file })
  const [read] = (await readPage(owner, room_id)).messages
  expect(read).toMatchObject({ content: 'the gauge', file_id: file.file_id, file_url, file })
})

test('[API-2] a message is found by the name of its file', async () => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner)
  const { file_id } = await upload(owner, room_id, {
    ...picture,
    filename: '鍋爐壓力表 A12-77.png',
  })
  const { message_id } = await referTo(owner, room_id, file_id)
  type Found = { results: { message: Message }[] }
  for (const [words, expected] of [
    ['壓力', [message_id]],
    ['A12-77', [message_id]],
    ['溫度', []],
  ] as const) {
    const query = `?q=${encodeURIComponent(words)}`
    const { body } = await owner.get<Found>(`/api/rooms/${room_id}/messages/search${query}`)
    expect(body.results.map(({ message }) => message.message_id)).toEqual(expected)
  }
})

test('[API-5] a picture in the page brings its cookie, and no token in its address', async () => {
  const { owner, file_id } = await roomWithFile()
  const shown = await readByCookie(owner, file_id)
  expect(shown.status).toBe(200)
  expect(new Uint8Array(await shown.arrayBuffer())).toEqual(picture.content)
  expect((await send(`/api/files/${file_id}?token=${owner.token}`)).status).toBe(401)
})

const withMember = async () => {
  const room = await roomWithFile()
  const member = await signIn()
  await invite(room.owner, room.room_id, { user_id: member.user_id, role: 'editor' })
  return { ...room, member }
}

describe('[MSG-8] a file goes with its message', () => {
  test('that was deleted: nobody is served it any more', async () => {
    const { owner, member, file_id, deleteMessage } = await withMember()
    expect(await statusOf(member, file_id)).toBe(200)
    await deleteMessage()
    for (const caller of [owner, member]) expect(await statusOf(caller, file_id)).toBe(404)
    const admin = await signIn()
    await makeAdmin(admin.user_id)
    expect(await statusOf(admin, file_id)).toBe(404)
  })

  test('unless another one still refers to it', async () => {
    const { owner, member, room_id, file_id, deleteMessage } = await withMember()
    await referTo(owner, room_id, file_id)
    await deleteMessage()
    expect(await statusOf(member, file_id)).toBe(200)
  })

  test('that was not sent yet: only the uploader sees it', async () => {
    const { owner, member, room_id } = await withMember()
    const { file_id } = await upload(member, room_id)
    expect(await statusOf(member, file_id)).toBe(200)
    expect(await statusOf(owner, file_id)).toBe(404)
    await referTo(member, room_id, file_id)
    expect(await statusOf(owner, file_id)).toBe(200)
  })
})

describe('[SEC-3] the headers of a file', () => {
  test.each<[string, string, string | Uint8Array, string, string]>([
    ['a picture', 'a.png', picture.content, 'image/png', 'inline'],
    ['a page', 'a.html', html, 'text/plain; charset=utf-8', 'attachment'],
    ['a page called a picture', 'a.png', html, 'text/plain; charset=utf-8', 'attachment'],
    ['a drawing', 'a.svg', svg, 'text/plain; charset=utf-8', 'attachment'],
    ['a table', 'a.csv', 'a,b', 'text/csv; charset=utf-8', 'attachment'],
    ['a document', 'a.pdf', bytesOf('%PDF-1.7'), 'application/pdf', 'attachment'],
    ['bytes', 'a.html', bytesOf([0, 1, 2]), 'application/octet-stream', 'attachment'],
    [
      'a picture with a page in it',
      'a.html',
      gifBytes({ width: 1, height: 1 }, html),
      'image/gif',
      'inline',
    ],
  ])('%s cannot run', async (_, filename, content, content_type, kind) => {
    const { owner, file_id } = await roomWithFile({ filename, content })
    const { status, headers } = await readFile(owner, file_id)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(content_type)
    expect(headers.get('content-disposition')).toBe(
      `${kind}; filename="${filename}"; filename*=UTF-8''${filename}`,
    )
    expect(headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; frame-ancestors 'none'",
    )
    for (const [name, value] of Object.entries(commonHeaders)) expect(headers.get(name)).toBe(value)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  test('a name in any script travels whole, and breaks out of nothing', async () => {
    const filename = '事故 %22報告%22%0D%0Ax: y.pdf'
    const { owner, file, file_id } = await roomWithFile({ filename, content: '%PDF-1.7' })
    expect(file.name).toBe('事故 "報告"x: y.pdf')
    const { headers } = await readFile(owner, file_id)
    const disposition = headers.get('content-disposition') ?? ''
    expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(file.name)
    expect(disposition).toMatch(/^[\x20-\x7e]+$/)
    expect(headers.has('x')).toBe(false)
  })
})

const part = async (owner: Caller, file_id: string, range: string, headers = {}) => {
  const response = await readFile(owner, file_id, { headers: { range, ...headers } })
  return {
    status: response.status,
    text: new TextDecoder().decode(await response.arrayBuffer()),
    range: response.headers.get('content-range'),
    length: response.headers.get('content-length'),
  }
}

describe('[API-5] a part of a file', () => {
  const content = bytesOf('0123456789')
  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=9-99', '9', 'bytes 9-9/10'],
  ])('%s', async (range, text, content_range) => {
    const { owner, file_id } = await roomWithFile({ filename: 'a.txt', content })
    expect(await part(owner, file_id, range)).toEqual({
      status: 206,
      text,
      range: content_range,
      length: String(text.length),
    })
  })

  test('that it does not have', async () => {
    const { owner, file_id } = await roomWithFile({ filename: 'a.txt', content })
    const refused = await part(owner, file_id, 'bytes=10-')
    expect(refused).toMatchObject({ status: 416, range: 'bytes */10' })
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'bad_request', status: 416 })
  })

  test('several at once, or of another file, are answered with the whole', async () => {
    const { owner, file_id } = await roomWithFile({ filename: 'a.txt', content })
    const whole = { status: 200, text: '0123456789', range: null }
    expect(await part(owner, file_id, 'bytes=0-1,3-4')).toMatchObject(whole)
    expect(await part(owner, file_id, 'bytes=0-1', { 'if-range': '"other"' })).toMatchObject(whole)
    const same = { 'if-range': `"${file_id}"` }
    expect(await part(owner, file_id, 'bytes=0-1', same)).toMatchObject({ status: 206, text: '01' })
  })

  test('across the parts in which a large one was stored', async () => {
    const large = new Uint8Array(6_000_000)
    large.set(bytesOf('across'), 5_242_877)
    const { owner, file_id } = await roomWithFile({ filename: 'a.bin', content: large })
    expect(await part(owner, file_id, 'bytes=5242877-5242882')).toMatchObject({ text: 'across' })
  })
})

test('[API-5] HEAD tells what GET would, without the bytes', async () => {
  const { owner, file_id } = await roomWithFile()
  const get = await readFile(owner, file_id)
  const head = await readFile(owner, file_id, { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
  const names = ['content-type', 'content-disposition', 'etag', 'accept-ranges', 'content-length']
  for (const name of names) expect(head.headers.get(name), name).toBe(get.headers.get(name))
  expect(head.headers.get('content-length')).toBe(String(picture.content.length))
  await get.arrayBuffer()
})

test('[API-5] what a browser has already is not sent again', async () => {
  const { owner, file_id } = await roomWithFile()
  const tag = `"${file_id}"`
  const same = await readFile(owner, file_id, { headers: { 'if-none-match': `"x", W/${tag}` } })
  expect(same.status).toBe(304)
  expect(await same.text()).toBe('')
  expect(same.headers.get('etag')).toBe(tag)
  const other = await readFile(owner, file_id, { headers: { 'if-none-match': '"x"' } })
  expect(other.status).toBe(200)
  await other.arrayBuffer()
})

test('[API-5] the OpenAPI document tells how to send bytes, and that bytes come back', async () => {
  type Operation = {
    requestBody?: { content: Record<string, unknown> }
    responses: Record<string, { content?: Record<string, unknown> }>
  }
  const response = await send('/openapi.json')
  const { paths } = await response.json<{ paths: Record<string, Record<string, Operation>> }>()
  const uploading = paths['/api/rooms/{room_id}/files']?.['post']
  expect(Object.keys(uploading?.requestBody?.content ?? {})).toEqual([
    'multipart/form-data',
    'application/octet-stream',
  ])
  expect(JSON.stringify(uploading)).toContain(String(FILE_MAX_BYTES))
  const reading = paths['/api/files/{file_id}']?.['get']
  expect(Object.keys(reading?.responses ?? {})).toEqual(
    expect.arrayContaining(['200', '206', '304', '401', '403', '404', '416', '503']),
  )
  expect(reading?.responses['206']?.content).toHaveProperty('*/*')
})
