/**
 * Headers that keep a browser from doing with our answers what nobody meant (SEC-3). Files of the
 * page are served beside the Worker and get the same ones from `web/public/_headers`.
 */
import type { MiddlewareHandler } from 'hono'
import { headersOf } from './answer-headers.ts'
import type { HttpEnv } from './context.ts'

/**
 * `connect-src 'self'` covers the WebSockets of the same host and port (CSP 3). Scripts cannot turn
 * a string into markup or code, except through the policies named: Svelte's, for the markup it was
 * compiled with, DOMPurify's, for what it has cleaned, and one for the service worker's address.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html muster-service-worker',
].join('; ')

/** The same for every answer, wherever it comes from. */
export const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** One year; browsers heed it over https only. */
export const STRICT_TRANSPORT_SECURITY = 'max-age=31536000'

const common = Object.entries(commonHeaders)

export const securityHeaders: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next()
  // The answer to an upgrade is no document, and cannot be touched without losing its socket.
  if (context.res.status === 101) return
  const headers = headersOf(context)
  for (const [name, value] of common) headers.set(name, value)
  if (!headers.has('content-security-policy'))
    headers.set('content-security-policy', CONTENT_SECURITY_POLICY)
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  if (context.req.url.startsWith('https:'))
    headers.set('strict-transport-security', STRICT_TRANSPORT_SECURITY)
}
