/**
 * Shows one notification of the system, the same from the page and from the service worker. There
 * is one per room, and one for notices: a newer replaces an older, so that a burst is one line on a
 * locked phone.
 */
import type { notificationsEn } from '../i18n/areas/notifications.ts'
import { pathOf } from '../routing.ts'
import type { NoticeHappening } from './happenings.ts'

export type Told = ToldInRoom | NoticeHappening

export type ToldInRoom = {
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

export const tagOfTold = (told: Told): string =>
  told.kind === 'notice' ? NOTICES_TAG : tagOf(told.room_id)

const NOTICES_TAG = 'notices'

export const pathOfTold = (told: Told): string => {
  if (told.kind === 'notice') return pathOf({ kind: 'one_way', tab: 'received' })
  const { room_id, message_id } = told
  return pathOf({ kind: 'room', room_id, ...(message_id === undefined ? {} : { message_id }) })
}

/** Heading and text, also of the toasts within the page. */
export const wordsOf = (told: Told, t: ShowOptions['t']): { heading: string; text: string } => {
  if (told.kind === 'notice')
    return {
      heading: t.notifications.notice_heading(told.sender_display_name),
      text: told.preview,
    }
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

const isKnown = (shown: readonly Notification[], told: Told): boolean =>
  shown.some(({ data }) => ((data as Data | null)?.sequence_number ?? 0) >= sequenceOf(told))

/** Of notices only the newest is told, so none is known before. */
const sequenceOf = (told: Told): number =>
  told.kind === 'notice' ? Number.POSITIVE_INFINITY : told.sequence_number

/** A click comes to the service worker, which finds or opens a page. */
export const showNotification = async (
  registration: ServiceWorkerRegistration,
  options: ShowOptions,
): Promise<void> => {
  const { heading, text } = wordsOf(options, options.t)
  // Page and push may both tell of a message; it is heard once.
  const shown = await registration.getNotifications({ tag: tagOfTold(options) })
  const is_silent = options.is_silent || isKnown(shown, options)
  await registration.showNotification(heading, inBrowser({ ...options, is_silent }, text))
}

export const inBrowser = (options: ShowOptions, text: string): WholeOptions => {
  const { kind, language, is_silent } = options
  const sequence_number = kind === 'notice' ? 0 : options.sequence_number
  const data: Data = { path: pathOfTold(options), sequence_number }
  return {
    body: text,
    lang: language,
    tag: tagOfTold(options),
    // What is for this person is heard again, although a notification is there already.
    renotify: kind !== 'message' && !is_silent,
    silent: is_silent,
    icon: '/icon-192.png',
    badge: '/badge-96.png',
    data,
  }
}
