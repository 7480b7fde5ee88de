/**
 * One row of `messages` against what the revisions tell of it: said, then edited, deleted, pinned
 * and reacted to. The row is the last word of each.
 */
import type { Damage } from '../../protocol/proof.ts'
import { damage } from './damage.ts'
import { microsecondsOf } from './instant.ts'
import type { MessageRow, ReactionDifference, ToldChange } from './rows.ts'

/** The first column that disagrees, or reaction. Undefined: the row is as told. */
export const messageDamage = (row: MessageRow): Damage | undefined => {
  const { sequence_number, revision, message_id, told } = row
  const place = { revision, sequence_number, message_id }
  if (!told || told.kind !== 'message' || told.message_id !== message_id)
    return damage('message_unexpected', 'no revision tells of this message', place)
  const expected = expectedRow(row, told)
  for (const [field, value] of Object.entries(expected))
    if (!isSame(row[field as keyof MessageRow], value))
      return damage('message_altered', 'the message is not as its revisions say', {
        ...place,
        field,
      })
  return row.reaction ? reactionDamage(row.reaction, { sequence_number, message_id }) : undefined
}

const expectedRow = (
  { edited, deleted, pinned }: MessageRow,
  told: NonNullable<MessageRow['told']>,
): Partial<Record<keyof MessageRow, unknown>> => {
  const { payload } = told
  const words = edited?.payload ?? payload
  const pin = pinned?.kind === 'message_pinned' ? pinned : null
  return {
    sequence_number: payload['sequence_number'],
    sender_id: told.actor_id,
    client_message_id: payload['client_message_id'],
    content: words['content'],
    data: told.data === 'null' ? null : told.data,
    message_type: payload['message_type'],
    mentions: words['mentions'],
    file_id: uuidIn(payload, 'file_id'),
    reply_to: uuidIn(payload, 'reply_to'),
    created_at: told.at,
    edited_at: edited?.at ?? null,
    deleted_at: deleted?.at ?? null,
    deleted_by: deleted?.actor_id ?? null,
    pinned_at: pin?.at ?? null,
    pinned_by: pin?.actor_id ?? null,
    event_at: eventAt(pin),
  }
}

/** The column writes a UUID in lower case, however the payload does. */
const uuidIn = (payload: ToldChange['payload'], field: string): string | null => {
  const value = payload[field]
  return typeof value === 'string' ? value.toLowerCase() : null
}

const eventAt = (pin: ToldChange | null): number | null => {
  if (!pin) return null
  const text = pin.payload['event_at']
  return (typeof text === 'string' ? microsecondsOf(text) : undefined) ?? NaN
}

const reactionDamage = (
  { user_id, emoji, told_revision, held_revision }: ReactionDifference,
  place: { readonly sequence_number: number; readonly message_id: string },
): Damage => {
  const where = { ...place, user_id, field: emoji }
  if (told_revision === null)
    return damage('reaction_unexpected', 'no revision tells of this reaction', {
      ...where,
      ...(held_revision === null ? {} : { revision: held_revision }),
    })
  return held_revision === null
    ? damage('reaction_missing', 'no revision removed this reaction', {
        ...where,
        revision: told_revision,
      })
    : damage('reaction_altered', `its row names revision ${held_revision}`, {
        ...where,
        revision: told_revision,
      })
}

/** Scalars, and lists of mentions in order. */
const isSame = (held: unknown, told: unknown): boolean =>
  held === told ||
  (Array.isArray(held) && Array.isArray(told) && JSON.stringify(held) === JSON.stringify(told))
