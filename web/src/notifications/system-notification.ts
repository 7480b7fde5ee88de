/** The page's side of the system's notifications: shown with or without a service worker, closed. */
import {
  inBrowser,
  pathOfTold,
  showNotification,
  tagOf,
  tagOfTold,
  wordsOf,
  type ShowOptions,
} from './show-notification.ts'

/** Those that no service worker knows of, by their tags. */
const shown_by_page = new Map<string, Notification>()

/** Only Android insists on a service worker; a click comes to it, or here. */
export const showSystemNotification = async (
  registration: ServiceWorkerRegistration | undefined,
  options: ShowOptions,
  go: (path: string) => void,
): Promise<void> => {
  if (registration !== undefined) return showNotification(registration, options)
  const { heading, text } = wordsOf(options, options.t)
  const notification = new Notification(heading, inBrowser(options, text))
  shown_by_page.set(tagOfTold(options), notification)
  notification.addEventListener('click', () => {
    window.focus()
    notification.close()
    go(pathOfTold(options))
  })
}

export const closeSystemNotifications = async (room_id: string): Promise<void> => {
  const tag = tagOf(room_id)
  shown_by_page.get(tag)?.close()
  shown_by_page.delete(tag)
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.getRegistration()
  const shown = (await registration?.getNotifications({ tag })) ?? []
  for (const notification of shown) notification.close()
}

/** Shows what one would get, and that the system lets it through. */
export const showTestNotification = async (
  registration: ServiceWorkerRegistration | undefined,
  { heading, text }: { readonly heading: string; readonly text: string },
): Promise<void> => {
  const options = { body: text, tag: 'test', icon: '/icon-192.png', badge: '/badge-96.png' }
  if (registration === undefined) void new Notification(heading, options)
  else await registration.showNotification(heading, options)
}
