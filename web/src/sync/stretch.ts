/**
 * Messages of a room that are shown away from the newest ones: around a message somebody went to,
 * or from the first unread one on (WEB-8). In sequence order without a hole, and never empty. Pure.
 * The timeline goes on beside it; where both meet, the stretch becomes part of the timeline.
 */
import type { Message } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import { applyMessageChange } from './message-changes.ts'
import { currentForm, mergeMessages, type Timeline } from './timeline.ts'

export type Stretch = readonly [Message, ...Message[]]

/** A page, newest first, as a stretch; undefined when it is empty. */
export const stretchOf = (timeline: Timeline, page: readonly Message[]): Stretch | undefined => {
  const held = new Map(timeline.messages.map((message) => [message.message_id, message]))
  const [first, ...rest] = page.toReversed().map((message) => {
    const known = held.get(message.message_id)
    return known !== undefined && known.changed_revision > message.changed_revision
      ? known
      : currentForm(timeline, message)
  })
  return first === undefined ? undefined : [first, ...rest]
}

/** Both in one; undefined when there would be a hole between, as a lagging replica leaves one. */
export const joined = (older: Stretch, newer: Stretch): Stretch | undefined => {
  const from = newer[0].sequence_number
  if (endOf(older) + 1 < from) return undefined
  const [first, ...rest] = older
  return [first, ...rest.filter((message) => message.sequence_number < from), ...newer]
}

/** The newest sequence number in it. */
export const endOf = (stretch: Stretch): number => (stretch.at(-1) ?? stretch[0]).sequence_number

export const changedStretch = (stretch: Stretch, change: MessageChange): Stretch => {
  const [first, ...rest] = stretch
  const next = (message: Message) => applyMessageChange(message, change)
  return [next(first), ...rest.map(next)]
}

/** The timeline with the stretch in it; undefined as long as messages between them are not held. */
export const rejoined = (timeline: Timeline, stretch: Stretch): Timeline | undefined => {
  const live_from = timeline.messages[0]?.sequence_number ?? timeline.last_sequence + 1
  return endOf(stretch) + 1 < live_from ? undefined : mergeMessages(timeline, stretch)
}
