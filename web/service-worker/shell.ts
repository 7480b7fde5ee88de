/**
 * The page's own files, kept under their version. They are the same for everybody; answers of the
 * API are never kept, so whoever signs out leaves nothing here.
 */

/** Put in by the build (tools/service-worker.ts): every file the page starts with. */
declare const SHELL: { readonly version: string; readonly paths: readonly string[] }

declare const self: ServiceWorkerGlobalScope

const PREFIX = 'muster-shell-'
const current = PREFIX + SHELL.version

/** The one in use, and the one before it, whose pages may still be open and want more parts. */
const SHELLS_KEPT_COUNT = 2

/** Addresses that are the Worker's, not the page's. */
const not_the_page = /^\/(api|ws|health|docs|docs-assets)(\/|$)|^\/(openapi|asyncapi)\.json$/

export const keepShell = async (): Promise<void> => {
  const cache = await caches.open(current)
  await Promise.all(
    SHELL.paths.map(async (path) => {
      // Names under /assets change with their content; the others are asked for anew.
      const response = await fetch(path, path.startsWith('/assets/') ? {} : { cache: 'reload' })
      if (!response.ok || !isItself(path, response))
        throw new Error(`${path} is not there: the page is just being replaced`)
      await cache.put(path, response)
    }),
  )
}

export const dropOldShells = async (): Promise<void> => {
  const shells = (await caches.keys()).filter((name) => name.startsWith(PREFIX))
  const others = shells.filter((name) => name !== current)
  for (const name of others.slice(0, -(SHELLS_KEPT_COUNT - 1))) await caches.delete(name)
}

/** Undefined: the browser is to fetch it as if we were not here. */
export const respond = (request: Request): Promise<Response> | undefined => {
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return undefined
  if (request.mode === 'navigate')
    return not_the_page.test(pathname) || /\.\w+$/.test(pathname) ? undefined : kept('/', request)
  if (pathname.startsWith('/assets/') || SHELL.paths.includes(pathname))
    return kept(pathname, request)
  return undefined
}

const kept = async (path: string, request: Request): Promise<Response> => {
  const own = await caches.open(current)
  const found = (await own.match(path)) ?? (path === '/' ? undefined : await caches.match(path))
  if (found !== undefined) return found
  const response = await fetch(request)
  if (path.startsWith('/assets/') && response.ok && isItself(path, response))
    await own.put(path, response.clone())
  return response
}

/** A file that is gone is answered with the page itself. */
const isItself = (path: string, response: Response): boolean =>
  path === '/' || !(response.headers.get('content-type') ?? '').startsWith('text/html')
