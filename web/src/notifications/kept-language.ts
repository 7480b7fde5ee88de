/**
 * The page's language, where the service worker can read it: it has no local storage. Not a word
 * about the person is in it.
 */
const CACHE = 'muster-language'
const KEY = '/language'

export const keepLanguage = async (language: string): Promise<void> => {
  if (typeof caches === 'undefined') return
  await (await caches.open(CACHE)).put(KEY, new Response(language))
}

/** Undefined: nobody chose one here. */
export const keptLanguage = async (): Promise<string | undefined> =>
  (await caches.match(KEY, { cacheName: CACHE }))?.text()
