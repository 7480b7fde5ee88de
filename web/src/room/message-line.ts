/** A message as one line of plain text, for notices and for screen readers. */
import type { Role } from '../../../src/protocol/member.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { RoomStatus } from '../../../src/protocol/room.ts'
import type { Dictionary } from '../i18n/en.ts'
import { plainText } from './text-tokens.ts'

export const messageLine = (message: Message, t: Dictionary): string => {
  if (message.deleted_at !== null) return t.message_deleted
  if (message.message_type === 'system') return noticeLine(message, t)
  if (typeof message.content === 'string')
    return message.file === null
      ? plainText(message.content)
      : fileLine(message.file.name, plainText(message.content), t)
  return Object.entries(message.content)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')
}

const fileLine = (name: string, caption: string, t: Dictionary): string =>
  caption === '' ? t.file_line(name) : `${t.file_line(name)} ${caption}`

/** What the system reports, in the reader's language where we know the event. */
const noticeLine = ({ data, content, sender_display_name: by }: Message, t: Dictionary): string => {
  const said = typeof content === 'string' ? content : ''
  const { to, role, display_name } = data ?? {}
  const name = typeof display_name === 'string' ? display_name : undefined
  switch (data?.['event']) {
    case 'status_changed':
      return isStatus(to) ? t.status_changed(by, t.status[to]) : said
    case 'title_changed':
      return typeof to === 'string' ? t.title_changed(by, to) : said
    case 'member_added':
      return name !== undefined && isRole(role) ? t.member_added(by, name, t.role[role]) : said
    case 'member_role_changed':
      return name !== undefined && isRole(role)
        ? t.member_role_changed(by, name, t.role[role])
        : said
    case 'member_removed':
      return name === undefined ? said : t.member_removed(by, name)
    case 'member_left':
      return name === undefined ? said : t.member_left(name)
    case 'ownership_transferred':
      return name === undefined ? said : t.ownership_transferred(by, name)
    default:
      return said
  }
}

const isStatus = (value: unknown): value is RoomStatus =>
  value === 'active' || value === 'resolved' || value === 'archived'

const isRole = (value: unknown): value is Role =>
  value === 'owner' || value === 'editor' || value === 'viewer'
