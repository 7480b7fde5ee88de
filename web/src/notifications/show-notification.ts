/**
 * Shows one notification of the system, the same from the page and from the service worker. There
 * is one per room: a newer replaces an older, so that a burst is one line on a locked phone.
 */
import type { notificationsEn } from '../i18n/areas/notifications.ts'
import { pathOf } from '../routing.ts'

export type Told = {
  readonly kind: 'mention' | 'message'
  readonly room_id: string
  readonly room_title: string
  /** Absent: not known; the room opens at the first unread. */
  readonly message_id?: string | undefined
  readonly sequence_number: number
  readonly sender_display_name: string
  /** The beginning of the text; empty where there is none. */
  readonly preview: string
  /** Messages that this one stands for, itself included. */
  readonly count?: number | undefined
  /** Mentions of which no more is known than that there were so many. */
  readonly missed_count?: number | undefined
}

export type ShowOptions = Told & {
  readonly t: { readonly notifications: typeof notificationsEn }
  readonly language: string
  readonly is_silent: boolean
}

/** What the browser has beyond the DOM library's types. */
type WholeOptions = NotificationOptions & { renotify: boolean }

export const tagOf = (room_id: string): string => `room:${room_id}`

export const pathOfTold = ({ room_id, message_id }: Told): string =>
  pathOf({ kind: 'room', room_id, ...(message_id === undefined ? {} : { message_id }) })

/** Heading and text, also of the toasts within the page. */
export const wordsOf = (told: Told, t: ShowOptions['t']): { heading: string; text: string } => {
  const { kind, room_title, sender_display_name } = told
  if (told.missed_count !== undefined)
    return {
      heading: t.notifications.missed_heading(told.missed_count, room_title),
      text: t.notifications.missed,
    }
  const one = told.preview === '' ? t.notifications.without_text : told.preview
  const more_count = (told.count ?? 1) - 1
  const said = more_count > 0 ? t.notifications.and_more(one, more_count) : one
  return kind === 'mention'
    ? { heading: t.notifications.mention_heading(sender_display_name, room_title), text: said }
    : { heading: room_title, text: t.notifications.said(sender_display_name, said) }
}

/** What the page can know of a notification it did not show itself. */
type Data = { readonly path: string; readonly sequence_number: number }

const isKnown = (shown: readonly Notification[], { sequence_number }: Told): boolean =>
  shown.some(({ data }) => ((data as Data | null)?.sequence_number ?? 0) >= sequence_number)

/** A click comes to the service worker, which finds or opens a page. */
export const showNotification = async (
  registration: ServiceWorkerRegistration,
  options: ShowOptions,
): Promise<void> => {
  const { heading, text } = wordsOf(options, options.t)
  // Page and push may both tell of a message; it is heard once.
  const shown = await registration.getNotifications({ tag: tagOf(options.room_id) })
  const is_silent = options.is_silent || isKnown(shown, options)
  await registration.showNotification(heading, inBrowser({ ...options, is_silent }, text))
}

export const inBrowser = (options: ShowOptions, text: string): WholeOptions => {
  const { kind, room_id, sequence_number, language, is_silent } = options
  const data: Data = { path: pathOfTold(options), sequence_number }
  return {
    body: text,
    lang: language,
    tag: tagOf(room_id),
    // A mention is heard again, although the room's notification is there already.
    renotify: kind === 'mention' && !is_silent,
    silent: is_silent,
    icon: '/icon-192.png',
    badge: '/badge-96.png',
    data,
  }
}
