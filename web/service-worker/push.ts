/**
 * Web push (WEB-5): what the server tells while nobody looks becomes a notification, a click on it
 * leads to the message.
 */
import type { PushPayload } from '../../src/protocol/push.ts'
import { keptLanguage } from '../src/notifications/kept-language.ts'
import { showNotification } from '../src/notifications/show-notification.ts'
import { notificationsEn, notificationsZhTw } from '../src/i18n/areas/notifications.ts'
import { preferredLanguage } from '../src/i18n/preferred-language.ts'
import type { ToPage } from '../src/notifications/worker-messages.ts'

declare const self: ServiceWorkerGlobalScope

export const onPush = async (data: PushMessageData | null): Promise<void> => {
  if (data === null) return
  const pushed = data.json() as PushPayload
  if (await isBeingRead(pushed.room_id)) return
  const language = (await keptLanguage()) ?? preferredLanguage(self.navigator.languages)
  await showNotification(self.registration, {
    ...pushed,
    kind: pushed.type,
    t: { notifications: language === 'zh-TW' ? notificationsZhTw : notificationsEn },
    language,
    is_silent: false,
  })
}

const pagesOpen = (): Promise<readonly WindowClient[]> =>
  self.clients.matchAll({ type: 'window', includeUncontrolled: true })

const isBeingRead = async (room_id: string): Promise<boolean> => {
  const pages = await pagesOpen()
  return pages.some(
    ({ focused, url }) => focused && new URL(url).pathname.startsWith(`/rooms/${room_id}`),
  )
}

export const onClick = async (notification: Notification): Promise<void> => {
  notification.close()
  const path = (notification.data as { path?: unknown } | null)?.path
  if (typeof path !== 'string') return
  const pages = await pagesOpen()
  const page = pages.find(({ focused }) => focused) ?? pages[0]
  if (page === undefined) {
    await self.clients.openWindow(path)
    return
  }
  const go: ToPage = { type: 'go', path }
  page.postMessage(go, [])
  // Browsers may refuse; the page shows the message all the same.
  await page.focus().catch(() => {})
}

/** The push service gave the browser another address: the server hears of it at once. */
export const onSubscriptionChange = async ({
  oldSubscription,
  newSubscription,
}: PushSubscriptionChangeEvent): Promise<void> => {
  const key = oldSubscription?.options.applicationServerKey
  const renewed =
    newSubscription ??
    (key
      ? await self.registration.pushManager.subscribe({
          userVisibleOnly: true,
          applicationServerKey: key,
        })
      : null)
  if (oldSubscription) await tell('DELETE', { endpoint: oldSubscription.endpoint })
  if (renewed === null) return
  const { endpoint, keys } = renewed.toJSON()
  const expires_at = renewed.expirationTime
  await tell('PUT', {
    endpoint,
    keys,
    expiration_time: expires_at === null ? null : new Date(expires_at).toISOString(),
  })
}

const tell = (method: 'PUT' | 'DELETE', body: unknown): Promise<Response> =>
  fetch('/api/me/push-subscriptions', {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
