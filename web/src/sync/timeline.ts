/**
 * The messages of one room as this page knows them: in sequence order, each once (SEQ-6, WEB-11).
 * Pure: every function returns a new timeline. Frames, pages and snapshots may come late, twice
 * or out of turn; what is missing is always named, never skipped.
 */
import type { Message } from '../../../src/protocol/message.ts'

export type Timeline = {
  /** By sequence number, rising. */
  readonly messages: readonly Message[]
  /** Every change of the room up to here is in; undefined before the first `welcome`. */
  readonly last_revision: number | undefined
  /** The newest sequence number known to exist. */
  readonly last_sequence: number
}

export const emptyTimeline: Timeline = { messages: [], last_revision: undefined, last_sequence: 0 }

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

/** Applies one revision, whether or not it carries a message. */
export const applyRevision = (
  timeline: Timeline,
  revision: number,
  message: Message | undefined,
): Applied => {
  if (timeline.last_revision === undefined) return { kind: 'gap' }
  if (revision <= timeline.last_revision) return { kind: 'known' }
  if (revision > timeline.last_revision + 1) return { kind: 'gap' }
  const next = message === undefined ? timeline : mergeMessages(timeline, [message])
  return { kind: 'applied', timeline: { ...next, last_revision: revision } }
}

/** Adds messages of a page, in any order; of two forms of one message the later revision stays. */
export const mergeMessages = (timeline: Timeline, messages: readonly Message[]): Timeline => {
  const by_sequence = new Map(
    timeline.messages.map((message) => [message.sequence_number, message]),
  )
  let last_sequence = timeline.last_sequence
  for (const message of messages) {
    const known = by_sequence.get(message.sequence_number)
    if (known !== undefined && known.revision >= message.revision) continue
    by_sequence.set(message.sequence_number, message)
    last_sequence = Math.max(last_sequence, message.sequence_number)
  }
  const merged = [...by_sequence.values()].toSorted((a, b) => a.sequence_number - b.sequence_number)
  return { ...timeline, messages: merged, last_sequence }
}

/** A snapshot replaces all that was known (CONN-5). */
export const fromSnapshot = (snapshot: {
  readonly revision: number
  readonly room: { readonly last_sequence: number }
  readonly messages: readonly Message[]
}): Timeline =>
  mergeMessages(
    { messages: [], last_revision: snapshot.revision, last_sequence: snapshot.room.last_sequence },
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

/** Lets go of the oldest messages; scrolling up loads them again (LIM-4). */
export const keepNewest = (timeline: Timeline, count: number): Timeline =>
  timeline.messages.length <= count
    ? timeline
    : { ...timeline, messages: timeline.messages.slice(-count) }
