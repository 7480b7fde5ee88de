/**
 * The messages of one room as this page knows them: in sequence order, each once (SEQ-6, WEB-11).
 * Pure: every function returns a new timeline. Frames, pages and snapshots may come late, twice
 * or out of turn; what is missing is always named, never skipped. A message that is not held when
 * it changes is loaded later, in its newer form.
 */
import type { Change } from '../../../src/protocol/change.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import { applyMessageChange } from './message-changes.ts'

/** Changes of messages not held that are remembered for pages still on their way (LIM-4). */
export const UNPLACED_KEPT_COUNT = 500

export type Timeline = {
  /** By sequence number, rising. */
  readonly messages: readonly Message[]
  /** Every change of the room up to here is in; undefined before the first `welcome`. */
  readonly last_revision: number | undefined
  /** The newest sequence number known to exist. */
  readonly last_sequence: number
  /**
   * The latest changes of messages that are not held, by revision. A page that was read before
   * such a change may arrive after it, and then lacks it.
   */
  readonly unplaced: readonly MessageChange[]
  /** Changes up to here are no longer in `unplaced`; a page read before it came is too old. */
  readonly forgotten_revision: number
}

export const emptyTimeline: Timeline = {
  messages: [],
  last_revision: undefined,
  last_sequence: 0,
  unplaced: [],
  forgotten_revision: 0,
}

/** Where a fresh page stands: what came before is loaded over REST, what comes after is live. */
export const startAt = (
  timeline: Timeline,
  position: { readonly last_revision: number; readonly last_sequence: number },
): Timeline => ({ ...timeline, ...position })

export type Applied =
  | { readonly kind: 'applied'; readonly timeline: Timeline }
  /** It was in already: a replay overlapped. */
  | { readonly kind: 'known' }
  /** Revisions between are missing; resume from `last_revision` before applying more. */
  | { readonly kind: 'gap' }

/** Applies one revision, whether or not it is about a message. */
export const applyRevision = (timeline: Timeline, change: Change): Applied => {
  const { last_revision } = timeline
  const { revision } = change
  if (last_revision === undefined) return { kind: 'gap' }
  if (revision <= last_revision) return { kind: 'known' }
  if (revision > last_revision + 1) return { kind: 'gap' }
  return { kind: 'applied', timeline: { ...withChange(timeline, change), last_revision: revision } }
}

const withChange = (timeline: Timeline, change: Change): Timeline => {
  if (change.type === 'system') return timeline
  if (change.type === 'message') return mergeMessages(timeline, [change.message])
  const index = timeline.messages.findLastIndex(
    ({ message_id }) => message_id === change.message_id,
  )
  const held = timeline.messages[index]
  if (held === undefined) return remember(timeline, change)
  const messages = timeline.messages.with(index, applyMessageChange(held, change))
  return { ...timeline, messages }
}

const remember = (timeline: Timeline, change: MessageChange): Timeline => {
  const unplaced = [...timeline.unplaced, change]
  const forgotten = unplaced.length > UNPLACED_KEPT_COUNT ? unplaced.shift() : undefined
  const forgotten_revision = forgotten?.revision ?? timeline.forgotten_revision
  return { ...timeline, unplaced, forgotten_revision }
}

/**
 * Adds messages of a page, in any order; of two forms of one message the later stays, and what
 * was told of it while the page was on its way is made up for.
 */
export const mergeMessages = (timeline: Timeline, messages: readonly Message[]): Timeline => {
  const page = messages.toSorted(bySequence)
  const merged: Message[] = []
  let next = 0
  const add = (message: Message) => {
    const known = merged.at(-1)
    if (known?.sequence_number !== message.sequence_number) merged.push(message)
    else if (known.changed_revision < message.changed_revision) merged[merged.length - 1] = message
  }
  // Both are in order, so one walk over both does; a room of thousands gets a page per scroll.
  for (const held of timeline.messages) {
    for (; next < page.length; next += 1) {
      const message = page[next]
      if (message === undefined || message.sequence_number > held.sequence_number) break
      const is_new = message.sequence_number < held.sequence_number
      if (is_new || message.changed_revision > held.changed_revision)
        add(currentForm(timeline, message))
    }
    add(held)
  }
  for (const message of page.slice(next)) add(currentForm(timeline, message))
  const last_sequence = Math.max(timeline.last_sequence, page.at(-1)?.sequence_number ?? 0)
  return { ...timeline, messages: merged, last_sequence }
}

/** A message of a page, with what was told of it while the page was on its way. */
export const currentForm = (timeline: Timeline, message: Message): Message =>
  timeline.unplaced.reduce(applyMessageChange, message)

const bySequence = (a: Message, b: Message): number => a.sequence_number - b.sequence_number

/** Whether a page asked for when the timeline stood at this revision can still be merged. */
export const isPageUsable = (timeline: Timeline, asked_revision: number): boolean =>
  asked_revision >= timeline.forgotten_revision

/** A snapshot replaces all that was known (CONN-5). */
export const fromSnapshot = (snapshot: {
  readonly revision: number
  readonly room: { readonly last_sequence: number }
  readonly messages: readonly Message[]
}): Timeline =>
  mergeMessages(
    startAt(emptyTimeline, {
      last_revision: snapshot.revision,
      last_sequence: snapshot.room.last_sequence,
    }),
    snapshot.messages,
  )

/** Sequence numbers start at 1 and have no gap (SEQ-1), so the oldest one tells. */
export const hasOlder = (timeline: Timeline): boolean => {
  const oldest = timeline.messages[0]
  return oldest === undefined ? timeline.last_sequence > 0 : oldest.sequence_number > 1
}

/**
 * The end of the newest stretch that is missing between the oldest message held and the newest
 * that exists, or undefined when nothing is. A page read from a lagging replica leaves one.
 */
export const missingBefore = (timeline: Timeline): number | undefined => {
  let expected = timeline.last_sequence
  for (let index = timeline.messages.length - 1; index >= 0; index -= 1) {
    const held = timeline.messages[index]?.sequence_number
    if (held !== expected) return expected + 1
    expected -= 1
  }
  return timeline.messages.length === 0 && expected > 0 ? expected + 1 : undefined
}

/**
 * Lets go of the oldest messages; scrolling up loads them again (LIM-4). What was told of them
 * goes with them, so a page that was asked for before is too old.
 */
export const keepNewest = (timeline: Timeline, count: number): Timeline => {
  if (timeline.messages.length <= count) return timeline
  const forgotten_revision = timeline.last_revision ?? 0
  return { ...timeline, messages: timeline.messages.slice(-count), forgotten_revision }
}
