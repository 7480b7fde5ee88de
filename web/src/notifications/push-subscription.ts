/** The browser's side of web push: one subscription per browser, made with the server's key. */
import type { PushSubscription as Registered } from '../../../src/protocol/push.ts'
import { serviceWorkerReady } from '../service-worker-registration.ts'

export const currentSubscription = async (): Promise<PushSubscription | null> => {
  const registration = await serviceWorkerReady()
  return (await registration?.pushManager.getSubscription()) ?? null
}

/**
 * One made with another key than the server's would never be delivered, so it is made anew.
 * @throws DOMException when the browser or its push service refuses
 */
export const subscribe = async (public_key: string): Promise<PushSubscription> => {
  const registration = await serviceWorkerReady()
  if (registration === undefined) throw new DOMException('no service worker', 'NotSupportedError')
  const key = bytesOf(public_key)
  const existing = await registration.pushManager.getSubscription()
  if (existing !== null && !isMadeWith(existing, key)) await existing.unsubscribe()
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

/** Undefined: the browser keeps its keys to itself, so nothing could be sent. */
export const registeredOf = (subscription: PushSubscription): Registered | undefined => {
  const { endpoint, keys, expirationTime } = subscription.toJSON()
  const { p256dh, auth } = keys ?? {}
  if (endpoint === undefined || p256dh === undefined || auth === undefined) return undefined
  return {
    endpoint,
    keys: { p256dh, auth },
    expiration_time: expirationTime ? new Date(expirationTime).toISOString() : null,
  }
}

const isMadeWith = ({ options }: PushSubscription, key: Uint8Array): boolean => {
  const own = options.applicationServerKey
  if (own === null) return false
  const bytes = new Uint8Array(own)
  return bytes.length === key.length && bytes.every((byte, index) => byte === key[index])
}

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> => {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
