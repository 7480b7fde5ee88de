/**
 * Brings one file to a room (API-5). By XMLHttpRequest: `fetch` does not tell how far an upload
 * is. The failure is a value like those of every other call.
 */
import type { FileDetails } from '../../../src/protocol/file.ts'
import { failureOf, type Result } from './api.ts'

/** What an upload answers; only images have a size in pixels. */
type Uploaded = Omit<FileDetails, 'width' | 'height'> &
  Partial<Pick<FileDetails, 'width' | 'height'>>

export type UploadEvents = {
  /** From 0 to 1. */
  onProgress(fraction: number): void
  /** The session is over. */
  onSignedOut(): void
}

export type Upload = {
  readonly result: Promise<Result<FileDetails>>
  cancel(): void
}

export type StartUpload = (room_id: string, file: File, events: UploadEvents) => Upload

const unreachable = { ok: false, failure: { code: 'unreachable', detail: '' } } as const

export const startBrowserUpload: StartUpload = (room_id, file, events) => {
  const request = new XMLHttpRequest()
  const result = new Promise<Result<FileDetails>>((resolve) => {
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      events.onProgress(total === 0 ? 0 : loaded / total),
    )
    for (const end of ['error', 'abort', 'timeout'])
      request.addEventListener(end, () => resolve(unreachable))
    request.addEventListener('load', () => resolve(answerOf(request)))
  })
  const body = new FormData()
  body.append('file', file, file.name)
  request.open('POST', `/api/rooms/${encodeURIComponent(room_id)}/files`)
  request.send(body)
  void result.then(() => {
    if (request.status === 401) events.onSignedOut()
  })
  return { result, cancel: () => request.abort() }
}

const answerOf = async (request: XMLHttpRequest): Promise<Result<FileDetails>> => {
  const { status, responseText } = request
  if (status === 201) {
    const { file_id, name, size, content_type, width, height } = JSON.parse(
      responseText,
    ) as Uploaded
    const pixels = { width: width ?? null, height: height ?? null }
    return { ok: true, value: { file_id, name, size, content_type, ...pixels } }
  }
  return { ok: false, failure: await failureOf(new Response(responseText, { status })) }
}
