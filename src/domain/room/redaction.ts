/**
 * What was deleted is never sent again (MSG-8): not from the changes that the room remembers, not
 * from those that it holds back, and not from what it had read before the deletion came.
 */
import { encode } from '../../protocol/codec.ts'
import type { Change } from '../../protocol/change.ts'
import { decodeDown } from '../../protocol/decode-down.ts'
import { withoutWords } from '../../protocol/deleted.ts'
import type { Message } from '../../protocol/message.ts'
import type { KnownRecord, RecentChange, RoomState } from './state.ts'

/** A change as the room keeps it. */
export const encodeChange = (change: Change): RecentChange => ({
  revision: change.revision,
  text: encode(change),
  message_id: messageIdOf(change),
  is_deletion: change.type === 'message_deleted',
})

const messageIdOf = (change: Change): string | undefined => {
  if (change.type === 'message') return change.message.message_id
  return change.type === 'system' ? undefined : change.message_id
}

/** A deletion has come: takes the words out of all that the room still holds. */
export const forgetWords = (
  state: RoomState,
  record: KnownRecord,
  told: RecentChange[],
  message_id: string,
): void => {
  redact(told, message_id)
  redact(record.recent, message_id)
  record.recent_bytes = record.recent.reduce((sum, { text }) => sum + text.length, 0)
  for (const { phase } of state.sockets.values())
    if (phase.kind !== 'live') redact(phase.held, message_id)
}

const redact = (changes: RecentChange[], message_id: string): void => {
  changes.forEach((change, index) => {
    if (change.message_id === message_id) changes[index] = redacted(change)
  })
}

/** Changes read before these later ones came, without what they deleted. */
export const redactedBy = (
  changes: readonly RecentChange[],
  later: readonly RecentChange[],
): readonly RecentChange[] => {
  const deletions = deletionsIn(later)
  if (deletions.size === 0) return changes
  return changes.map((change) =>
    deletions.has(change.message_id ?? '') ? redacted(change) : change,
  )
}

/** Messages read before these changes came, without what they deleted. */
export const messagesRedactedBy = (
  messages: readonly Message[],
  later: readonly RecentChange[],
): readonly Message[] => {
  const deletions = deletionsIn(later)
  return messages.map((message) =>
    deletions.has(message.message_id) ? withoutWords(message) : message,
  )
}

const deletionsIn = (changes: readonly RecentChange[]): ReadonlySet<string | undefined> =>
  new Set(changes.filter(({ is_deletion }) => is_deletion).map(({ message_id }) => message_id))

/** The words alone: what else became of it is told by the changes that follow, the deletion last. */
const redacted = (change: RecentChange): RecentChange => {
  const [frame] = decodeDown(change.text)
  if (frame?.type === 'message')
    return encodeChange({ ...frame, message: withoutWords(frame.message) })
  if (frame?.type === 'message_edited') return encodeChange({ ...frame, content: '', mentions: [] })
  return change
}
