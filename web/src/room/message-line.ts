/** A message as one line of plain text, for notices and for screen readers. */
import type { Message } from '../../../src/protocol/message.ts'
import type { RoomStatus } from '../../../src/protocol/room.ts'
import type { Dictionary } from '../i18n/en.ts'

export const messageLine = (message: Message, t: Dictionary): string => {
  if (message.deleted_at !== null) return t.message_deleted
  if (message.message_type === 'system') return noticeLine(message, t)
  if (typeof message.content === 'string') return message.content
  return Object.entries(message.content)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')
}

/** What the system reports, in the reader's language where we know the event. */
const noticeLine = ({ data, content, sender_display_name }: Message, t: Dictionary): string => {
  const to = data?.['to']
  if (data?.['event'] === 'status_changed' && isStatus(to))
    return t.status_changed(sender_display_name, t.status[to])
  return typeof content === 'string' ? content : ''
}

const isStatus = (value: unknown): value is RoomStatus =>
  value === 'active' || value === 'resolved' || value === 'archived'
