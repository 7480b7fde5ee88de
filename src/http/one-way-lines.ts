/**
 * The messages of a batch, one by one as its body comes (DISP-1): a line that is none is refused by
 * its number, and the lines around it are not.
 */
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { LineReader, type Line } from '../lib/lines.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import {
  ONE_WAY_ARRAY_MAX_BYTES,
  ONE_WAY_BATCH_MAX_BYTES,
  ONE_WAY_MAX_BYTES,
} from '../protocol/limits.ts'
import { OneWayMessage } from '../protocol/one-way.ts'
import { chunksOf, withPauses } from './body-chunks.ts'
import { readJson } from './json-body.ts'
import { parse } from './parse.ts'

export type BatchPiece =
  | {
      readonly kind: 'message'
      readonly line: number
      readonly message: OneWayMessage
      readonly bytes: number
    }
  | { readonly kind: 'refused'; readonly line: number; readonly refusal: Refusal }
  /** The sender says nothing for a moment. */
  | { readonly kind: 'pause' }
  /** From this line on nothing was read. */
  | { readonly kind: 'cut'; readonly line: number; readonly refusal: Refusal }

/** A sender who is silent for so long is gone. */
const SILENCE_MAX_MS = 30_000

/** Longer than between two pieces of one burst. */
const PAUSE_MS = 20

export type BatchTimes = { readonly silence_ms: number; readonly pause_ms: number }

/** Of `application/x-ndjson`: one message per line, blank lines between them. */
export async function* batchLines(
  request: Request,
  { silence_ms, pause_ms }: BatchTimes = { silence_ms: SILENCE_MAX_MS, pause_ms: PAUSE_MS },
): AsyncGenerator<BatchPiece> {
  const lines = new LineReader(ONE_WAY_MAX_BYTES)
  let line = 0
  let read_bytes = 0
  for await (const chunk of withPauses(chunksOf(request, silence_ms), pause_ms)) {
    if (chunk === 'pause') {
      yield { kind: 'pause' }
      continue
    }
    // Half a line may look like a whole one.
    if (chunk === undefined) return yield { kind: 'cut', line: line + 1, refusal: broken }
    read_bytes += chunk.length
    if (read_bytes > ONE_WAY_BATCH_MAX_BYTES)
      return yield { kind: 'cut', line: line + 1, refusal: tooLong }
    for (const next of lines.push(chunk)) {
      line += 1
      const piece = pieceOf(line, next)
      if (piece) yield piece
    }
  }
  const rest = lines.rest()
  const piece = rest && pieceOf(line + 1, rest)
  if (piece) yield piece
}

/** Of `application/json`: an array, which is read as a whole and so is bounded more tightly. */
export const batchArray = async (request: Request): Promise<Outcome<BatchPiece[]>> => {
  const json = await readJson(request, ONE_WAY_ARRAY_MAX_BYTES)
  if (!json.ok) return json
  if (!Array.isArray(json.value))
    return failure(refusal('bad_request', 'the body must be an array of messages'))
  const pieces = json.value.map((item: unknown, index) => {
    const bytes = encoder.encode(JSON.stringify(item)).length
    if (bytes > ONE_WAY_MAX_BYTES) return refused(index + 1, tooLarge)
    return messageOf(index + 1, item, bytes)
  })
  return success(pieces)
}

const tooLarge = refusal('too_large', `a message may have ${ONE_WAY_MAX_BYTES} bytes`)
const tooLong = refusal('too_large', `a batch may have ${ONE_WAY_BATCH_MAX_BYTES} bytes`)
const broken = refusal('bad_request', 'the body ended before its end')

const encoder = new TextEncoder()
// Fatal: bytes that are not UTF-8 would come out as other text than was sent (MSG-12).
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** Undefined for a blank line. */
const pieceOf = (line: number, read: Line): BatchPiece | undefined => {
  if (read.kind === 'too_long') return refused(line, tooLarge)
  const { bytes } = read
  if (isBlank(bytes)) return undefined
  let json: unknown
  try {
    json = JSON.parse(decoder.decode(bytes))
  } catch {
    return refused(line, refusal('bad_request', 'is not JSON in UTF-8'))
  }
  return messageOf(line, json, bytes.length)
}

/** Nothing but tabs, carriage returns and spaces. */
const isBlank = (bytes: Uint8Array): boolean => {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  return true
}

const messageOf = (line: number, json: unknown, bytes: number): BatchPiece => {
  const parsed = parse(OneWayMessage, json)
  return parsed.ok
    ? { kind: 'message', line, message: parsed.value, bytes }
    : refused(line, parsed.refusal)
}

const refused = (line: number, why: Refusal): BatchPiece => ({
  kind: 'refused',
  line,
  refusal: why,
})
