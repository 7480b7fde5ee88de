/**
 * How the caller's budget stands, on every answer to something that was to be paid (LIM-1). The one
 * place that writes these headers, and says of them what the document says.
 */
import type { HttpContext } from './context.ts'

/** None where nothing was paid, or the limiter did not answer. */
export const budgetHeaders = (context: HttpContext): Record<string, string> => {
  const budget = context.get('budget')
  if (!budget) return {}
  return {
    'ratelimit-limit': String(budget.limit),
    'ratelimit-remaining': String(Math.max(0, Math.floor(budget.remaining))),
    'ratelimit-reset': String(Math.ceil(budget.reset_ms / 1_000)),
  }
}

const wholeNumber = (description: string, example: number) => ({
  description,
  schema: { type: 'integer' },
  example,
})

export const describedHeaders = {
  'RateLimit-Limit': wholeNumber('Writes that the caller has in a window.', 15_000),
  'RateLimit-Remaining': wholeNumber('Of them, those not yet used.', 14_988),
  'RateLimit-Reset': wholeNumber('Seconds until all are free, if no more is written.', 60),
}

export const retryAfterHeader = {
  'Retry-After': wholeNumber('Seconds after which the same may be sent again.', 2),
}
