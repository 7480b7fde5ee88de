/**
 * Runs inside workerd as the ASSETS binding: files from web/dist with the types that browsers
 * insist on, and index.html for every other path (a single-page application).
 */
const types = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  mp3: 'audio/mpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff2: 'font/woff2',
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url)
    const extension = /\.(\w+)$/.exec(pathname)?.[1]
    if (extension !== undefined) {
      const file = await env.PAGE.fetch(`http://page${pathname}`)
      if (file.ok) return answer(file, types[extension] ?? 'application/octet-stream')
    }
    return answer(await env.PAGE.fetch('http://page/index.html'), types.html)
  },
}

function answer(file, type) {
  return new Response(file.body, { status: file.status, headers: { 'content-type': type } })
}
