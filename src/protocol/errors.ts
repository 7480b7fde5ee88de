/**
 * The stable error codes of frames and of REST (API-7), and the HTTP status of each.
 * A code tells the peer the kind of failure and what to do next; the message is for people.
 */
import * as z from 'zod/mini'

export const errorCodes = [
  'bad_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'too_late',
  'too_large',
  'rate_limited',
  'database_busy',
  'unavailable',
  'internal',
] as const

export const ErrorCode = z.enum(errorCodes)
export type ErrorCode = z.infer<typeof ErrorCode>

export const httpStatusOf = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_late: 409,
  too_large: 413,
  rate_limited: 429,
  database_busy: 503,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>

/** What is wrong with one of several things that came together, by its name. */
export const NamedProblem = z.object({ name: z.string(), message: z.string() })
export type NamedProblem = z.infer<typeof NamedProblem>

/** A refusal is a value, not an exception: what the peer is told. */
export type Refusal = {
  readonly code: ErrorCode
  readonly message: string
  readonly retry_after_ms?: number
  /** Of a `bad_request` that is wrong in several places: all of them. Only HTTP tells them. */
  readonly problems?: readonly NamedProblem[]
}

export const refusal = (code: ErrorCode, message: string, retry_after_ms?: number): Refusal =>
  retry_after_ms === undefined ? { code, message } : { code, message, retry_after_ms }

/** The body of every HTTP error: RFC 9457 problem details with our code. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: ErrorCode,
  detail: z.string(),
  field: z.optional(z.string()),
  retry_after_ms: z.optional(z.int()),
  request_id: z.optional(z.string()),
  problems: z.optional(z.array(NamedProblem)),
})
export type Problem = z.infer<typeof Problem>
