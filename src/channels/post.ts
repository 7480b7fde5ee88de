/**
 * One POST to an outside service: bounded in time and in what is read of the answer, no redirect
 * followed (elsewhere is not where we agreed to send). Never throws, and nothing of it is logged.
 */
import { retryAfterMs } from './retry-after.ts'

/** A service answers in a fraction of a second, or not at all. */
const TIMEOUT_MS = 10_000

/** An answer names an id or an error; nobody needs more of it. */
const ANSWER_MAX_BYTES = 16_384

export type PostAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly retry_after_ms: number | undefined
      /** Its JSON; undefined where it is none, or too long. */
      readonly body: unknown
    }
  /** Whether it came and was taken is not known. */
  | { readonly kind: 'silent'; readonly reason: string }

export type PostRequest = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
}

export const post = async (url: URL, { headers, body }: PostRequest): Promise<PostAnswer> => {
  const patience = new AbortController()
  // Cleared below: AbortSignal.timeout would keep the object from sleeping until it is over.
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS)
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', headers, body, redirect: 'manual', signal: patience.signal },
    })
    return {
      kind: 'answered',
      status: response.status,
      retry_after_ms: retryAfterMs(response.headers.get('retry-after'), Date.now()),
      body: await jsonOf(response),
    }
  } catch {
    const reason = patience.signal.aborted ? 'did not answer in time' : 'could not be reached'
    return { kind: 'silent', reason }
  } finally {
    clearTimeout(timer)
  }
}

/** The status was heard: an answer that breaks off or is no JSON does not change what it says. */
const jsonOf = async (response: Response): Promise<unknown> => {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    const reader = response.body?.getReader()
    for (;;) {
      const part = await reader?.read()
      if (!part || part.done) break
      chunks.push(part.value)
      size += part.value.length
      if (size <= ANSWER_MAX_BYTES) continue
      await reader?.cancel()
      return undefined
    }
    const decoder = new TextDecoder()
    const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('')
    return JSON.parse(text + decoder.decode()) as unknown
  } catch {
    return undefined
  }
}

/** A field of an answer, wherever it is missing undefined. */
export const fieldOf = (value: unknown, ...path: readonly (string | number)[]): unknown => {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Readonly<Record<string | number, unknown>>)[name]
  }
  return found
}
