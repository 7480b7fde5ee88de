/**
 * `/docs`: the OpenAPI document, readable and to be tried out, and the way to the AsyncAPI document
 * of the sockets. The scripts and styles are Swagger
 * UI's own, put among the page's files at build time: nothing is fetched from elsewhere.
 */
import type { HttpContext } from './context.ts'

/**
 * Narrower than the page's: only what Swagger UI needs to draw and to try calls out. It makes markup
 * of strings, through a DOMPurify of its own, so that Trusted Types cannot be asked of it; all it
 * shows is our own document.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Muster API</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/docs-assets/swagger-ui.css" />
    <script src="/docs-assets/swagger-ui-bundle.js" defer></script>
    <script src="/docs-assets/start.js" defer></script>
  </head>
  <body>
    <nav style="padding: 0.75rem 1.25rem; font-family: sans-serif">
      REST: <a href="/openapi.json">OpenAPI 3.1</a> ·
      Sockets: <a href="/asyncapi.json">AsyncAPI 3</a>
    </nav>
    <div id="swagger-ui"></div>
    <noscript>This page needs JavaScript. The document itself is at /openapi.json.</noscript>
  </body>
</html>
`

export const docs = (context: HttpContext): Response => {
  context.header('content-security-policy', policy)
  return context.body(page, 200, { 'content-type': 'text/html; charset=utf-8' })
}
