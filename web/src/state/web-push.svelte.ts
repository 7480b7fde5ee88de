/**
 * Web push on this device (WEB-5): whether this person turned it on here, and the steps that takes:
 * permission, the browser's subscription, the server's knowledge of it.
 */
import { createContext } from 'svelte'
import type { Api } from '../sync/api.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'

/** Few have to do with it on a visit, so it is fetched when it is wanted. */
const browserSide = () => import('../notifications/push-subscription.ts')

/** Without a service worker there is nothing to subscribe with. */
const canSubscribe = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window

export type WebPushState =
  | 'unknown'
  /** This browser cannot, or the server is not set up for it. */
  | 'unavailable'
  | 'off'
  | 'on'
  | 'failed'

export class WebPush {
  readonly #api: Api
  readonly #store: KeyValueStore
  readonly #key: string
  #state: WebPushState = $state('unknown')
  #is_busy = $state(false)

  constructor(api: Api, store: KeyValueStore, user_id: string) {
    this.#api = api
    this.#store = store
    this.#key = `muster.push.${user_id}`
  }

  get state(): WebPushState {
    return this.#state
  }

  get is_busy(): boolean {
    return this.#is_busy
  }

  /**
   * On every start: tells the server again, as either may have forgotten. Whoever was signed in
   * here before takes no push with them: without this person's yes the subscription ends.
   */
  async keepInStep(): Promise<void> {
    if (this.#store.get(this.#key) === 'on' && isGranted()) return this.turnOn()
    if (!canSubscribe()) return
    const { currentSubscription } = await browserSide()
    await (await currentSubscription())?.unsubscribe().catch(() => false)
  }

  /** Whether it could be turned on; asked when somebody wants to see it. */
  async look(): Promise<void> {
    if (this.#state !== 'unknown') return
    const is_available = canSubscribe() && (await this.#api.pushKey()).ok
    if (this.#state === 'unknown') this.#state = is_available ? 'off' : 'unavailable'
  }

  /** Needs the permission to show notifications. */
  async turnOn(): Promise<void> {
    this.#is_busy = true
    this.#state = await this.#subscribe()
    this.#is_busy = false
  }

  async turnOff(): Promise<void> {
    this.#is_busy = true
    this.#store.remove(this.#key)
    await this.#forget()
    this.#state = 'off'
    this.#is_busy = false
  }

  /** Signing out: nothing more reaches this device. */
  async end(): Promise<void> {
    this.#store.remove(this.#key)
    await this.#forget()
  }

  async #subscribe(): Promise<WebPushState> {
    if (!canSubscribe()) return 'unavailable'
    const key = await this.#api.pushKey()
    if (!key.ok) return key.failure.code === 'not_found' ? 'unavailable' : 'failed'
    try {
      const { registeredOf, subscribe } = await browserSide()
      const subscription = registeredOf(await subscribe(key.value.public_key))
      if (subscription === undefined) return 'unavailable'
      const told = await this.#api.putPushSubscription(subscription)
      if (!told.ok) return 'failed'
      this.#store.set(this.#key, 'on')
      return 'on'
    } catch {
      return 'failed'
    }
  }

  async #forget(): Promise<void> {
    if (!canSubscribe()) return
    const { currentSubscription } = await browserSide()
    const subscription = await currentSubscription()
    if (subscription === null) return
    await this.#api.deletePushSubscription(subscription.endpoint)
    await subscription.unsubscribe().catch(() => false)
  }
}

const isGranted = (): boolean => 'Notification' in window && Notification.permission === 'granted'

export const [getWebPush, setWebPush] = createContext<WebPush>()
