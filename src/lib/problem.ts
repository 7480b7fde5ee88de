/** A refusal as an HTTP answer: problem+json (RFC 9457) with our stable code (API-7). */
import { httpStatusOf, type Problem, type Refusal } from '../protocol/errors.ts'

export type ProblemExtras = {
  /** The parameter or field of the body that was refused. */
  readonly field?: string | undefined
  readonly request_id?: string | undefined
  /** Where HTTP has a more exact status than the code, e.g. 426. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export const problemOf = (
  { code, message, retry_after_ms, problems }: Refusal,
  { field, request_id, status = httpStatusOf[code] }: ProblemExtras = {},
): Problem => ({
  type: `urn:muster:problem:${code}`,
  title: code.replaceAll('_', ' '),
  status,
  code,
  detail: message,
  ...(field === undefined ? {} : { field }),
  ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  ...(request_id === undefined ? {} : { request_id }),
  ...(problems === undefined ? {} : { problems: [...problems] }),
})

export const problemResponse = (refusal: Refusal, extras: ProblemExtras = {}): Response => {
  const problem = problemOf(refusal, extras)
  const headers = new Headers(extras.headers)
  headers.set('content-type', 'application/problem+json')
  headers.set('cache-control', 'no-store')
  if (problem.code === 'unauthenticated') headers.set('www-authenticate', 'Bearer realm="muster"')
  if (problem.retry_after_ms !== undefined)
    headers.set('retry-after', String(Math.max(1, Math.ceil(problem.retry_after_ms / 1_000))))
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}
