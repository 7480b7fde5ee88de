/** What went wrong, in the page's words, and when to try again where that is known. */
import type { Failure } from '../sync/api.ts'
import type { Dictionary } from './en.ts'

export const failureText = ({ code, retry_after_ms }: Failure, t: Dictionary): string =>
  code === 'rate_limited' && retry_after_ms !== undefined
    ? t.rate_limited_for(Math.ceil(retry_after_ms / 1000))
    : t.failure[code]
