/**
 * Whether a newer version of the page is there. It is put in place only when somebody asks for it,
 * in this tab or another: reloading under the hands of someone who writes is worse than being old.
 */
import { serviceWorkerReady } from '../service-worker-registration.ts'

/** What else the first screen loads comes first. */
const REGISTER_AFTER_MS = 1_000

/** A page that is open for days hears of a new version within this time. */
const LOOK_INTERVAL_MS = 30 * 60_000

export class PageVersion {
  #waiting: ServiceWorker | undefined = $state.raw()
  #is_replaced = $state(false)
  #is_dismissed = $state(false)
  #reloads = false

  /** To be offered: a version waits, or another tab has put it in place. */
  get is_new_ready(): boolean {
    return (this.#waiting !== undefined || this.#is_replaced) && !this.#is_dismissed
  }

  /** Until the next version, or until the page is opened again. */
  dismiss(): void {
    this.#is_dismissed = true
  }

  /** Loads the new version. */
  apply(): void {
    if (this.#is_replaced || this.#waiting === undefined) return window.location.reload()
    this.#reloads = true
    this.#waiting.postMessage('skip_waiting', [])
  }

  /** Registers the service worker and watches it, until the result is called. */
  start(): () => void {
    const watching = new AbortController()
    const { signal } = watching
    const register = setTimeout(() => void this.#watch(signal), REGISTER_AFTER_MS)
    return () => {
      clearTimeout(register)
      watching.abort()
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const registration = await serviceWorkerReady()
    if (registration === undefined || signal.aborted) return
    const { serviceWorker } = navigator
    // The very first one takes over a page that is as new as itself.
    let is_controlled = serviceWorker.controller !== null
    serviceWorker.addEventListener(
      'controllerchange',
      () => {
        if (this.#reloads) return window.location.reload()
        this.#is_replaced = is_controlled
        is_controlled = true
      },
      { signal },
    )
    this.#offer(registration.waiting)
    registration.addEventListener('updatefound', () => this.#follow(registration), { signal })
    if (registration.installing !== null) this.#follow(registration)
    const interval = setInterval(() => {
      void registration.update().catch(() => {})
    }, LOOK_INTERVAL_MS)
    signal.addEventListener('abort', () => clearInterval(interval))
  }

  #follow({ installing }: ServiceWorkerRegistration): void {
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && navigator.serviceWorker.controller !== null)
        this.#offer(installing)
      if (installing.state === 'redundant' && this.#waiting === installing)
        this.#waiting = undefined
    })
  }

  #offer(waiting: ServiceWorker | null): void {
    if (waiting === null) return
    this.#waiting = waiting
    this.#is_dismissed = false
  }
}
