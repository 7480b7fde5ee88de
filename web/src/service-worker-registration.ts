/** The page's service worker, which only a built page has. */

/** Its first install fetches the page's files; on a slow line even that is done by then. */
const READY_TIMEOUT_MS = 20_000

/** What the browser has beyond the DOM library's types. */
type TrustedTypes = {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string
  }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

let registered: Promise<ServiceWorkerRegistration | undefined> | undefined

/** Undefined: this browser or window has none; everything but web push and offline works. */
export const serviceWorkerReady = async (): Promise<ServiceWorkerRegistration | undefined> => {
  registered ??= register()
  const registration = await registered
  // Tried again when it is next wanted.
  if (registration === undefined) registered = undefined
  return registration
}

/**
 * Under our policy a script's address is no mere string. This is the one rule that makes one, and
 * it makes this one only; src/http/security-headers.ts names it.
 */
const scriptAddress = (): string => {
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('muster-service-worker', {
    createScriptURL: () => '/sw.js',
  })
  return policy?.createScriptURL('') ?? '/sw.js'
}

const register = async (): Promise<ServiceWorkerRegistration | undefined> => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return undefined
  try {
    const registration = await navigator.serviceWorker.register(scriptAddress(), {
      updateViaCache: 'none',
    })
    // Where a policy forbids service workers, some browsers answer with nothing.
    if (registration === undefined) return undefined
    const given_up = new Promise<undefined>((give_up) => setTimeout(give_up, READY_TIMEOUT_MS))
    return await Promise.race([navigator.serviceWorker.ready, given_up])
  } catch {
    return undefined
  }
}
