/**
 * The service worker: keeps the page's files so that it opens without a network, and shows what
 * web push brings while no page is open. It keeps nothing a person wrote or read.
 */
import { onClick, onPush, onSubscriptionChange } from './push.ts'
import { dropOldShells, keepShell, respond } from './shell.ts'

declare const self: ServiceWorkerGlobalScope

self.addEventListener('install', (event) => event.waitUntil(keepShell()))

self.addEventListener('activate', (event) =>
  event.waitUntil(dropOldShells().then(() => self.clients.claim())),
)

self.addEventListener('fetch', (event) => {
  const response = respond(event.request)
  if (response !== undefined) event.respondWith(response)
})

/** Only a person's click replaces a version that is in use; see `state/page-version`. */
self.addEventListener('message', (event) => {
  if (event.data === 'skip_waiting') void self.skipWaiting()
})

self.addEventListener('push', (event) => event.waitUntil(onPush(event.data)))

self.addEventListener('notificationclick', (event) => event.waitUntil(onClick(event.notification)))

self.addEventListener('pushsubscriptionchange', (event) =>
  event.waitUntil(onSubscriptionChange(event as PushSubscriptionChangeEvent)),
)
