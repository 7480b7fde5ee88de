/** What happened, in the order of its time: pins, changes of the room, people coming and going. */
import * as z from 'zod/mini'
import { IncidentType, RoomStatus, Severity } from '../../protocol/room.ts'
import { escapeInline, shorten } from './escape.ts'
import { eachPage, type ReportSteps, type TimelineRow } from './page.ts'
import { changeMark, fileLink, nameOf, senderOf, type Style } from './style.ts'
import { dataText } from './reading-fields.ts'

/** Characters of a pinned message; the transcript has all of it. */
export const PINNED_TEXT_MAX_LENGTH = 300

/** @returns how many events there were */
export function* timeline(style: Style): ReportSteps<number> {
  let count = 0
  yield `## ${style.words.sections.timeline}\n\n`
  yield* eachPage('timeline', (rows) => {
    count += rows.length
    return rows.map((row) => eventLine(row, style)).join('')
  })
  yield count === 0 ? `${style.words.none}\n\n` : '\n'
  return count
}

const eventLine = (row: TimelineRow, style: Style): string => {
  const mark = changeMark(row.sequence_number, row.revision)
  return `- **${mark}** ${style.time(row.at)} ${eventText(row, style)}\n`
}

const eventText = (row: TimelineRow, style: Style): string => {
  const { words } = style
  const actor = escapeInline(row.actor_name)
  switch (row.kind) {
    case 'message_pinned':
      return pinText(row, style)
    case 'room_created':
      return words.opened_by(actor)
    case 'room_updated':
      return words.changed(actor, changesOf(row.payload, style))
    default: {
      const subject = nameOf(row.subject_name, row.subject_id)
      const role = row.role === null ? '' : words.role[row.role]
      if (row.kind === 'member_added') return words.added(actor, subject, role)
      if (row.kind === 'member_role_changed') return words.role_changed(actor, subject, role)
      return row.actor_id === row.subject_id
        ? words.left_by_self(subject)
        : words.removed(actor, subject)
    }
  }
}

const pinText = (row: TimelineRow & { kind: 'message_pinned' }, { words }: Style): string => {
  const { message } = row
  const by = `*(${words.pinned(escapeInline(row.actor_name))})*`
  const sender = senderOf(message)
  if (message.deleted_at !== null) return `${sender}${words.colon}*${words.deleted}* ${by}`
  const { content, file } = message
  const said = typeof content === 'string' ? content : dataText(content)
  const text = escapeInline(shorten(said, PINNED_TEXT_MAX_LENGTH), '')
  const link = file === null ? '' : fileLink(file.name, file.file_id)
  return `${sender}${words.colon}${[text, link, by].filter((part) => part !== '').join(' ')}`
}

/** The fields of a change, named and with their new values. */
const changesOf = (
  payload: Readonly<Record<string, unknown>>,
  { words }: Style,
): [string, string][] => {
  const { fields } = words
  const shown: [string, string, (value: unknown) => string][] = [
    ['title', fields.title, textOf],
    ['incident_type', fields.type, oneOf(IncidentType, words.incident_type)],
    ['severity', fields.severity, oneOf(Severity, words.severity)],
    ['status', fields.status, oneOf(RoomStatus, words.status)],
    ['location', fields.location, textOf],
    ['description', fields.description, textOf],
    ['lots', fields.lots, (value) => textOf(Array.isArray(value) ? value.join(', ') : value)],
  ]
  return shown.flatMap(([key, name, show]) =>
    key in payload ? [[name, show(payload[key])] as [string, string]] : [],
  )
}

const textOf = (value: unknown): string =>
  escapeInline(shorten(String(value), PINNED_TEXT_MAX_LENGTH))

const oneOf =
  <Value extends string>(schema: z.ZodMiniType<Value>, names: Record<Value, string>) =>
  (value: unknown): string => {
    const parsed = z.safeParse(schema, value)
    return parsed.success ? names[parsed.data] : textOf(value)
  }
