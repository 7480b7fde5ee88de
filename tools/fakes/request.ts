/** A request to a stand-in, read, and what it answers. */
import type { IncomingMessage } from 'node:http'
import type { Arrival } from './behaviour.ts'

export type FakeRequest = {
  readonly method: string
  /** Below the stand-in's own address, without its query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type FakeAnswer = {
  readonly status: number
  readonly body: unknown
  /** What it took; undefined: nothing, or it had it already. */
  readonly arrival?: Arrival
}

const BODY_MAX_BYTES = 1_048_576

/** @throws Error where it is too long */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > BODY_MAX_BYTES) throw new Error('the body is too long')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}

/** An empty object where it is none. */
export function objectOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
