/** Frames on the server's side: the only JSON.parse of what a client sent (CONN-11, CONN-12). */
import type * as z from 'zod/mini'
import { refusal, type Refusal } from './errors.ts'
import { FRAME_MAX_BYTES, REFERENCE_MAX_LENGTH } from './limits.ts'
import { InboxUpFrame, type InboxDownFrame } from './inbox.ts'
import { UpFrame } from './up.ts'
import type { DownFrame } from './down.ts'

export type Decoded<Frame = UpFrame> =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly refusal: Refusal; readonly ref: string | undefined }

/** Reads one frame of a room's client. Never throws. */
export const decodeUp = (data: string | ArrayBuffer): Decoded => decode(UpFrame, data)

/** Reads one frame of an inbox's client. Never throws. */
export const decodeInboxUp = (data: string | ArrayBuffer): Decoded<InboxUpFrame> =>
  decode(InboxUpFrame, data)

const decode = <Frame>(
  schema: z.ZodMiniType<Frame>,
  data: string | ArrayBuffer,
): Decoded<Frame> => {
  if (typeof data !== 'string') return refuse('bad_request', 'frames are text, not binary')
  if (isTooLarge(data)) return refuse('too_large', `a frame may have ${FRAME_MAX_BYTES} bytes`)
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return refuse('bad_request', 'the frame is not JSON')
  }
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, frame: result.data }
  const issue = result.error.issues[0]
  const field = issue?.path.map(String).join('.') || 'frame'
  return refuse('bad_request', `${field}: ${issue?.message ?? 'is invalid'}`, referenceOf(value))
}

/** Writes one frame. Callers encode once per broadcast and send the same string to all (LIM-4). */
export const encode = (frame: DownFrame | InboxDownFrame): string => JSON.stringify(frame)

/** Several encoded frames as the one WebSocket message of a `?batch=1` client (CONN-12). */
export const joinBatch = (encoded: readonly string[]): string => `[${encoded.join(',')}]`

/** What a client may call a frame by: `ref` first, then `client_message_id`. */
export const referenceOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const { ref, client_message_id } = value as Record<string, unknown>
  for (const candidate of [ref, client_message_id])
    if (typeof candidate === 'string' && candidate.length <= REFERENCE_MAX_LENGTH) return candidate
  return undefined
}

const refuse = (code: Refusal['code'], message: string, ref?: string): Decoded<never> => ({
  ok: false,
  refusal: refusal(code, message),
  ref,
})

/** A string has between one and three UTF-8 bytes per UTF-16 unit; count only when in between. */
const isTooLarge = (data: string): boolean =>
  data.length > FRAME_MAX_BYTES ||
  (data.length * 3 > FRAME_MAX_BYTES && new TextEncoder().encode(data).length > FRAME_MAX_BYTES)
