/**
 * Runs inside workerd as the ASSETS binding: files from web/dist with the types that browsers
 * insist on and the headers that `_headers` gives them, and index.html for every other path (a
 * single-page application).
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
    const extra = await headersFor(pathname, env)
    const extension = /\.(\w+)$/.exec(pathname)?.[1]
    if (extension !== undefined) {
      const file = await env.PAGE.fetch(`http://page${pathname}`)
      if (file.ok) return answer(file, types[extension] ?? 'application/octet-stream', extra)
    }
    return answer(await env.PAGE.fetch('http://page/index.html'), types.html, extra)
  },
}

function answer(file, type, extra) {
  const headers = new Headers({ 'content-type': type })
  for (const [name, value] of extra) headers.set(name, value)
  return new Response(file.body, { status: file.status, headers })
}

/** Of every rule that matches; a path may end in `*`, which is all that ours use. */
async function headersFor(pathname, env) {
  const file = await env.PAGE.fetch('http://page/_headers')
  if (!file.ok) return []
  const found = []
  let matches = false
  for (const line of (await file.text()).split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    if (!line.startsWith(' ')) {
      const path = line.trim()
      matches = path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path
    } else if (matches) {
      const [name, ...value] = line.trim().split(':')
      found.push([name, value.join(':').trim()])
    }
  }
  return found
}
