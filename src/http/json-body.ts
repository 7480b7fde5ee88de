/** The body of a request: JSON in UTF-8 of bounded size. */
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'

/** Holds the longest message in any escaping, with room for the rest. */
export const BODY_MAX_BYTES = 262_144

// Fatal: bytes that are not UTF-8 would come out as other text than was sent (MSG-12).
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

export const readJson = async (
  request: Request,
  max_bytes = BODY_MAX_BYTES,
): Promise<Outcome<unknown>> => {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    return failure(refusal('bad_request', 'the content-type must be application/json'))
  const bytes = await readBytes(request, max_bytes)
  if (bytes === undefined)
    return failure(refusal('too_large', `a body may have ${max_bytes} bytes`))
  try {
    return success(JSON.parse(decoder.decode(bytes)) as unknown)
  } catch {
    return failure(refusal('bad_request', 'the body is not JSON'))
  }
}

/** Undefined as soon as it is too large: the rest is not read. */
const readBytes = async (request: Request, max_bytes: number): Promise<Uint8Array | undefined> => {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > max_bytes) return undefined
  // A body that says how long it is, is no longer.
  if (declared > 0) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    return bytes.length > max_bytes ? undefined : bytes
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > max_bytes) return undefined
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
