/** The head of a report: what it is of, and the room in a few lines. */
import { durationText } from './clock.ts'
import { escapeInline, escapeLines } from './escape.ts'
import type { ReportFacts, ReportOptions } from './facts.ts'
import type { Style } from './style.ts'

export const summary = (facts: ReportFacts, options: ReportOptions, style: Style): string => {
  const { room, last_hash } = facts
  const { words, time } = style
  const bound = (at: string | null) => (at === null ? null : time(at))
  return [
    `# ${words.title}${words.colon}${escapeInline(room.title)}\n`,
    [
      words.as_of(room.room_id, room.last_revision, last_hash),
      words.range(bound(options.from), bound(options.to)),
      `${words.times_in(escapeInline(options.time_zone))}\n`,
    ].join('\n'),
    `## ${words.sections.summary}\n`,
    `${fieldsOf(facts, style).join('\n')}\n`,
    '',
  ].join('\n')
}

const fieldsOf = ({ room, counts, ...facts }: ReportFacts, { words, time }: Style): string[] => {
  const { fields } = words
  // Opened again, it is open: what it was before is in the timeline.
  const resolved_at = room.status === 'active' ? null : facts.resolved_at
  const archived_at = room.status === 'archived' ? facts.archived_at : null
  const ended_at = resolved_at ?? archived_at
  const field = (name: string, value: string) => `- **${name}**${words.colon}${value}`
  return [
    field(fields.type, words.incident_type[room.incident_type]),
    field(fields.severity, words.severity[room.severity]),
    field(fields.status, words.status[room.status]),
    field(fields.location, escapeInline(room.location)),
    field(fields.lots, room.lots.map((lot) => escapeInline(lot)).join(', ') || '–'),
    field(fields.description, descriptionOf(room.description)),
    field(fields.opened, time(room.created_at)),
    ...(resolved_at === null ? [] : [field(fields.resolved, time(resolved_at))]),
    ...(archived_at === null ? [] : [field(fields.archived, time(archived_at))]),
    field(
      fields.duration,
      ended_at === null ? words.still_open : durationText(room.created_at, ended_at),
    ),
    field(fields.messages, words.message_counts(counts)),
  ]
}

/** The bar keeps what people wrote away from the beginning of the line. */
const descriptionOf = (description: string): string =>
  escapeLines(description.trim() === '' ? '–' : description.trim()).join('\\\n  │ ')
