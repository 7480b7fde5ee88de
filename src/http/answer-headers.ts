/** The headers of the answer as it will be, to be added to. */
import type { HttpContext } from './context.ts'

/**
 * hono makes a new Response for each header that is added to a finished answer, because that of a
 * fetch cannot be changed. Here it makes one, and all others are added to it.
 */
export const headersOf = (context: HttpContext): Headers => {
  if (!ours.has(context.res)) {
    context.header('x-content-type-options', 'nosniff')
    ours.add(context.res)
  }
  return context.res.headers
}

const ours = new WeakSet<Response>()
