/**
 * The pinned messages of a room by when it happened (MSG-11): those that were read, and those the
 * timeline holds, which may know better. Pure.
 */
import type { Message } from '../../../src/protocol/message.ts'

export const pinnedOf = (
  read: readonly Message[],
  held: readonly Message[],
): readonly Message[] => {
  const newest = new Map(read.map((message) => [message.message_id, message]))
  for (const message of held) {
    const known = newest.get(message.message_id)
    if (known === undefined || known.changed_revision < message.changed_revision)
      newest.set(message.message_id, message)
  }
  return [...newest.values()]
    .flatMap((message) =>
      message.pin === null ? [] : [{ message, at_ms: Date.parse(message.pin.event_at) }],
    )
    .toSorted((a, b) => a.at_ms - b.at_ms || a.message.sequence_number - b.message.sequence_number)
    .map(({ message }) => message)
}
