/** Which refusals pass by themselves. Types only, so that the page does not carry the schemas. */
import type { ErrorCode } from './errors.ts'

/** Codes after which the same request may be sent again, with the same ids. */
export const isRetryable = (code: ErrorCode): boolean =>
  code === 'rate_limited' ||
  code === 'database_busy' ||
  code === 'unavailable' ||
  code === 'internal'
