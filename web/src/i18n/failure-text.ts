/**
 * What went wrong, in the page's words, when to try again where that is known, and what to name to
 * those who run Muster where it is theirs to mend.
 */
import type { Failure } from '../sync/api.ts'
import type { Dictionary } from './en.ts'

export const failureText = (failure: Failure, t: Dictionary): string => {
  const { code, retry_after_ms, request_id } = failure
  if (code === 'rate_limited' && retry_after_ms !== undefined)
    return t.rate_limited_for(Math.ceil(retry_after_ms / 1000))
  const isOurs = code === 'internal' || code === 'unavailable'
  return isOurs && request_id !== undefined
    ? `${t.failure[code]} ${t.request_named(request_id)}`
    : t.failure[code]
}
