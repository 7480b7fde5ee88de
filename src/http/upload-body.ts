/**
 * The body of an upload, taken apart as it comes: a form with the field `file`, or the bytes
 * themselves with their name in the address.
 */
import { tooLarge, type UploadPiece } from '../files/upload.ts'
import { FORM_MAX_BYTES, UPLOAD_SILENCE_MAX_MS } from '../files/limits.ts'
import { boundaryOf, MultipartParser } from '../lib/multipart.ts'
import { refusal } from '../protocol/errors.ts'
import { FILE_MAX_BYTES } from '../protocol/limits.ts'
import { chunksOf, declaredBytes } from './body-chunks.ts'

const field = 'file'

/** @param name of bytes without a form; a form's own name is in it */
export async function* uploadPieces(
  request: Request,
  name: string | undefined,
  silence_ms = UPLOAD_SILENCE_MAX_MS,
): AsyncGenerator<UploadPiece> {
  const content_type = request.headers.get('content-type') ?? ''
  const isForm = /^multipart\//i.test(content_type.trim())
  const boundary = boundaryOf(content_type)
  if (isForm && boundary === undefined) return yield malformed('the form names no boundary')
  const chunks = chunksOf(request, silence_ms)
  if ((declaredBytes(request) ?? 0) > FILE_MAX_BYTES + (isForm ? FORM_MAX_BYTES : 0)) {
    // Begun only to be let go of.
    for await (const _ of chunks) break
    return yield { kind: 'refused', refusal: tooLarge }
  }
  if (boundary !== undefined) return yield* formPieces(chunks, boundary)
  if (name === undefined) return yield { ...malformed('name: is missing'), field: 'name' }
  yield { kind: 'named', name }
  for await (const bytes of chunks) yield bytes === undefined ? cut : { kind: 'bytes', bytes }
}

const malformed = (message: string): UploadPiece & { kind: 'refused' } => ({
  kind: 'refused',
  refusal: refusal('bad_request', message),
})

const cut = malformed('the body ended before its end')

/** What is in the field `file` is the file; other fields say nothing to us, and are bounded. */
async function* formPieces(
  chunks: AsyncIterable<Uint8Array | undefined>,
  boundary: string,
): AsyncGenerator<UploadPiece> {
  const parser = new MultipartParser(boundary)
  let isInFile = false
  let hasFile = false
  let others_bytes = 0
  for await (const chunk of withEnd(chunks)) {
    if (chunk === undefined) return yield cut
    others_bytes += chunk === 'end' ? 0 : chunk.length
    for (const event of chunk === 'end' ? parser.end() : parser.push(chunk)) {
      switch (event.kind) {
        case 'part':
          isInFile = event.name === field
          if (!isInFile) break
          if (hasFile) return yield { ...malformed('file: is there twice'), field }
          if (event.filename === undefined) return yield { ...malformed('file: is no file'), field }
          hasFile = true
          yield { kind: 'named', name: event.filename }
          break
        case 'bytes':
          if (!isInFile) break
          others_bytes -= event.bytes.length
          yield event
          break
        case 'end':
          if (!hasFile) return yield { ...malformed('file: is missing'), field }
          break
        case 'broken':
          return yield malformed(event.why)
      }
    }
    if (others_bytes > FORM_MAX_BYTES)
      return yield { kind: 'refused', refusal: refusal('too_large', 'the form holds too much') }
  }
}

async function* withEnd<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item | 'end'> {
  yield* items
  yield 'end'
}
