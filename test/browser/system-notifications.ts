/** What the system shows of a page's notifications, and a click on one of them. */
import type { Page } from 'playwright-core'

export type ShownNotification = { title: string; body: string; tag: string; silent: boolean | null }

/** By the browser's own account. */
export const shownNotifications = (page: Page): Promise<ShownNotification[]> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const shown = await registration.getNotifications()
    return shown.map(({ title, body, tag, silent }) => ({ title, body, tag, silent }))
  })

/** No test can reach what the system draws; this is the event that a click on it makes. */
export const clickNotification = async (page: Page): Promise<void> => {
  const [worker] = page.context().serviceWorkers()
  if (worker === undefined) throw new Error('the page has no service worker')
  await worker.evaluate(async () => {
    const scope = globalThis as unknown as EventTarget & { registration: ServiceWorkerRegistration }
    const [notification] = await scope.registration.getNotifications()
    const click = new Event('notificationclick')
    Object.assign(click, { notification, waitUntil: () => {} })
    scope.dispatchEvent(click)
  })
}
