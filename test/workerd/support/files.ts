/** Uploads and readings of files, and what is known of them in both stores. */
import { bindings } from './bindings.ts'
import { inSession } from './sql.ts'
import { formBytes, type FormPart } from '../../support/file-samples.ts'
import { ORIGIN, send, type Answer, type Caller } from '../http-client.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { UploadedFile } from '../../../src/protocol/file.ts'
import type { Problem } from '../../../src/protocol/errors.ts'

const boundary = 'a-boundary-of-tests'

export const formHeaders = { 'content-type': `multipart/form-data; boundary=${boundary}` }

export type UploadOptions = {
  readonly query?: string
  readonly headers?: Record<string, string>
}

/** Any body at all. */
export const post = async <Body = UploadedFile>(
  caller: Caller,
  room_id: string,
  body: BodyInit | null,
  { query = '', headers = {} }: UploadOptions = {},
): Promise<Answer<Body>> => {
  const response = await send(`/api/rooms/${room_id}/files${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${caller.token}`, ...headers },
    body,
  })
  return { status: response.status, headers: response.headers, body: await response.json<Body>() }
}

export const postForm = <Body = UploadedFile>(
  caller: Caller,
  room_id: string,
  parts: readonly FormPart[],
): Promise<Answer<Body>> =>
  post<Body>(caller, room_id, formBytes(boundary, parts), { headers: formHeaders })

/** @throws Error unless it succeeds */
export const upload = async (
  caller: Caller,
  room_id: string,
  { filename = 'note.txt', content = 'the belt is hot' }: Partial<FormPart> = {},
): Promise<UploadedFile> => {
  const { status, body } = await postForm(caller, room_id, [{ filename, content }])
  if (status !== 201) throw new Error((body as unknown as Problem).detail)
  return body
}

/** Chunks without a declared length, made when they are asked for. */
export const streamOf = (
  count: number,
  chunkOf: (index: number) => Uint8Array | Promise<Uint8Array>,
) => {
  const asked = { count: 0 }
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (asked.count === count) return controller.close()
        asked.count += 1
        controller.enqueue(await chunkOf(asked.count - 1))
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, asked }
}

/** The answer as it is: its body may be bytes. */
export const readFile = (
  caller: Caller,
  file_id: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  send(`/api/files/${file_id}`, {
    method,
    headers: { authorization: `Bearer ${caller.token}`, ...headers },
  })

export const statusOf = async (caller: Caller, file_id: string): Promise<number> => {
  const response = await readFile(caller, file_id)
  await response.arrayBuffer()
  return response.status
}

/** As the page would fetch it for an `<img>`. */
export const readByCookie = (caller: Caller, file_id: string): Promise<Response> =>
  send(`/api/files/${file_id}`, {
    headers: { cookie: `muster_session=${caller.token}`, origin: ORIGIN },
  })

/** Says it in the room. @throws Error unless it succeeds */
export const referTo = async (
  sender: Caller,
  room_id: string,
  file_id: string,
): Promise<Message> => {
  const { status, body } = await sender.post<Message>(`/api/rooms/${room_id}/messages`, {
    message_type: 'file_ref',
    file_id,
  })
  if (status !== 201) throw new Error((body as unknown as Problem).detail)
  return body
}

export const fileRow = (file_id: string): Promise<Record<string, unknown> | undefined> =>
  inSession(async (client) => {
    const { rows } = await client.query('SELECT * FROM files WHERE file_id = $1', [file_id])
    return rows[0] as Record<string, unknown> | undefined
  })

export const isUnclaimed = (file_id: string): Promise<boolean> =>
  inSession(async (client) => {
    const text = 'SELECT FROM unclaimed_objects WHERE file_id = $1'
    return (await client.query(text, [file_id])).rows.length === 1
  })

export const bucket = (): R2Bucket => {
  if (!bindings.FILES) throw new Error('there is no bucket')
  return bindings.FILES
}

export const hasObject = async (file_id: string): Promise<boolean> =>
  (await bucket().head(`files/${file_id}`)) !== null

export const objectCount = async (): Promise<number> => (await bucket().list()).objects.length
