/**
 * Headers that keep a browser from doing with our answers what nobody meant (SEC-3). Files of the
 * page are served beside the Worker and get the same ones from `web/public/_headers`.
 */
import type { MiddlewareHandler } from 'hono'
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

export const securityHeaders: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next()
  // The answer to an upgrade is no document, and cannot be touched without losing its socket.
  if (context.res.status === 101) return
  for (const [name, value] of Object.entries(commonHeaders)) context.header(name, value)
  if (!context.res.headers.has('content-security-policy'))
    context.header('content-security-policy', CONTENT_SECURITY_POLICY)
  if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
  if (new URL(context.req.url).protocol === 'https:')
    context.header('strict-transport-security', STRICT_TRANSPORT_SECURITY)
}
