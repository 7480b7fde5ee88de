/**
 * How far each member of the open room has read (INBOX-2). Marks only move forward, so that the
 * list and what is told meanwhile may come in any order. Pure.
 */
import { READ_MARKS_MAX_COUNT } from '../../../src/protocol/limits.ts'
import type { Member } from '../../../src/protocol/member.ts'
import type { MemberMark } from '../../../src/protocol/read-mark.ts'

export type MemberMarks = ReadonlyMap<string, number>

export const withMarks = (known: MemberMarks, marks: readonly MemberMark[]): MemberMarks => {
  const all = new Map(known)
  for (const { user_id, read_sequence } of marks)
    all.set(user_id, Math.max(read_sequence, all.get(user_id) ?? 0))
  return all
}

/** In a larger room the server lists some and tells none: nothing true could be shown. */
export const isCrowd = ({
  members,
  online_count,
}: {
  readonly members: readonly Member[] | undefined
  readonly online_count: number
}): boolean => Math.max(members?.length ?? 0, online_count) > READ_MARKS_MAX_COUNT
