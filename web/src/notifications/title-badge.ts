/**
 * What a tab in the background says of what waits (UI 13): the number of mentions, or a dot for
 * anything unread. Pure.
 */
import type { NotificationLevel } from '../../../src/protocol/notification.ts'
import type { Room } from '../../../src/protocol/room.ts'

export type Waiting = {
  /** Mentions of this person in all their rooms, and notices to them. */
  readonly mention_count: number
  /** Something unread in a room that is not muted. */
  readonly has_unread: boolean
}

export const waitingOf = (
  rooms: readonly Pick<Room, 'room_id' | 'unread_count' | 'mention_count'>[],
  levelOf: (room_id: string) => NotificationLevel,
  notice_count: number,
): Waiting => ({
  mention_count: rooms.reduce((sum, room) => sum + room.mention_count, notice_count),
  has_unread: rooms.some(
    ({ room_id, unread_count }) => unread_count > 0 && levelOf(room_id) !== 'nothing',
  ),
})

/** A larger number says no more, and does not fit. */
const SHOWN_MAX_COUNT = 99

const shown = (count: number): string =>
  count > SHOWN_MAX_COUNT ? `${SHOWN_MAX_COUNT}+` : String(count)

export const titleOf = (
  name: string | undefined,
  { mention_count, has_unread }: Waiting,
): string => {
  const title = name === undefined ? 'Muster' : `${name} · Muster`
  if (mention_count > 0) return `(${shown(mention_count)}) ${title}`
  return has_unread ? `• ${title}` : title
}

/** The favicon's address: the drawing itself, or with a number or dot in its corner. */
export const faviconOf = ({ mention_count, has_unread }: Waiting): string => {
  if (mention_count === 0 && !has_unread) return '/favicon.svg'
  const mark =
    mention_count === 0
      ? '<circle cx="25" cy="7" r="6.5" fill="#e0670e" stroke="#fff" stroke-width="1.5"/>'
      : '<circle cx="22" cy="10" r="10" fill="#c4162a"/>' +
        `<text x="22" y="15" text-anchor="middle" font-family="sans-serif" font-size="${
          mention_count > 9 ? 11 : 15
        }" font-weight="700" fill="#fff">${mention_count > 99 ? '99' : mention_count}</text>`
  return `data:image/svg+xml,${encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
      '<rect width="32" height="32" rx="8" fill="#0f5c66"/>' +
      '<path d="M8 23V9.5l8 8 8-8V23" fill="none" stroke="#fff" stroke-width="3.2" ' +
      `stroke-linecap="round" stroke-linejoin="round"/>${mark}</svg>`,
  )}`
}
