/** The body of a request as it comes, for what is too large to be held. */
import { DISCARDED_MAX_BYTES, DISCARDED_MAX_MS } from '../files/limits.ts'

export const declaredBytes = (request: Request): number | undefined => {
  const header = request.headers.get('content-length')
  return header === null ? undefined : Number(header)
}

/**
 * Undefined, as the last, where the sender went away in the middle, or said nothing for long. Of
 * what nobody takes any more some is still read: who is cut off while sending over HTTP/1.1 sees a
 * broken connection, and never the answer that tells why.
 */
export async function* chunksOf(
  request: Request,
  silence_ms: number,
): AsyncGenerator<Uint8Array | undefined> {
  const reader: Reader | undefined = request.body?.getReader()
  if (reader === undefined) return
  let isOver = false
  try {
    while (!isOver) {
      const read = await nextOf(reader, silence_ms)
      isOver = read === undefined || read.done
      if (!read?.done) yield read?.value
    }
  } finally {
    if (!isOver) await discard(reader, silence_ms)
    await reader.cancel().catch(() => {})
  }
}

/** Reads what nobody takes, up to a bound. Never throws. */
export const discardBody = async (
  body: ReadableStream<Uint8Array>,
  silence_ms: number,
): Promise<void> => {
  const reader = body.getReader()
  await discard(reader, silence_ms)
  await reader.cancel().catch(() => {})
}

/** `pause` where nothing came for a moment: what was read may be worth passing on. */
export async function* withPauses<Chunk>(
  chunks: AsyncGenerator<Chunk>,
  pause_ms: number,
): AsyncGenerator<Chunk | 'pause'> {
  try {
    for (;;) {
      const reading = chunks.next()
      let read = await within(reading, pause_ms)
      if (read === undefined) {
        yield 'pause'
        read = await reading
      }
      if (read.done) return
      yield read.value
    }
  } finally {
    await chunks.return(undefined)
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Undefined where it fails or takes too long. */
const nextOf = (reader: Reader, silence_ms: number) =>
  within(reader.read(), silence_ms).catch(() => undefined)

const discard = async (reader: Reader, silence_ms: number): Promise<void> => {
  const until = Date.now() + DISCARDED_MAX_MS
  let left_bytes = DISCARDED_MAX_BYTES
  while (left_bytes > 0 && Date.now() < until) {
    const read = await nextOf(reader, silence_ms)
    if (read === undefined || read.done) return
    left_bytes -= read.value.length
  }
}

/** Undefined where it takes longer. */
const within = <Value>(promise: Promise<Value>, patience_ms: number): Promise<Value | undefined> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), patience_ms)
    const settled = () => clearTimeout(timer)
    promise.finally(settled).then(resolve, reject)
  })
