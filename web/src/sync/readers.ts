/** Who has read up to where, as it is shown beside the messages (INBOX-2). Pure. */
import type { Member } from '../../../src/protocol/member.ts'
import type { Message } from '../../../src/protocol/message.ts'
import { isCrowd, type MemberMarks } from './member-marks.ts'

export type ReadersInput = {
  /** Oldest first. */
  readonly messages: readonly Message[]
  readonly members: readonly Member[] | undefined
  readonly online_count: number
  readonly read_marks: MemberMarks
  readonly are_marks_known: boolean
  readonly own_user_id: string
}

/** The others by the last message that each has read, where it is among these. */
export const readersOf = (input: ReadersInput): ReadonlyMap<string, readonly Member[]> => {
  const { messages } = input
  const readers = new Map<string, Member[]>()
  const newest = messages.at(-1)
  const places = placesIn(input)
  for (const member of othersOf(input)) {
    const place = places(member)
    // Who has read on beyond what is held reads further down.
    if (newest === undefined || place > newest.sequence_number) continue
    const message = lastSaidUpTo(messages, place)
    if (message === undefined) continue
    const theirs = readers.get(message.message_id)
    if (theirs) theirs.push(member)
    else readers.set(message.message_id, [member])
  }
  return readers
}

export type Reception = {
  readonly has_read: readonly Member[]
  readonly has_not_read: readonly Member[]
}

/** How one's own newest message was received; undefined where there is none, or nobody to read it. */
export const receptionOf = (input: ReadersInput): Reception | undefined => {
  const own = input.messages.findLast(
    (message) => isSaid(message) && message.sender_id === input.own_user_id && !message.deleted_at,
  )
  const others = othersOf(input)
  if (own === undefined || others.length === 0) return undefined
  const places = placesIn(input)
  const hasRead = (member: Member): boolean => places(member) >= own.sequence_number
  return {
    has_read: others.filter(hasRead),
    has_not_read: others.filter((member) => !hasRead(member)),
  }
}

const othersOf = (input: ReadersInput): readonly Member[] => {
  if (!input.are_marks_known || isCrowd(input)) return []
  return input.members?.filter(({ user_id }) => user_id !== input.own_user_id) ?? []
}

/** Who speaks has read up to there, whatever their mark says. */
const placesIn = ({ messages, read_marks }: ReadersInput): ((member: Member) => number) => {
  const spoke_at = new Map<string, number>()
  for (const message of messages)
    if (isSaid(message)) spoke_at.set(message.sender_id, message.sequence_number)
  return ({ user_id }) => Math.max(read_marks.get(user_id) ?? 0, spoke_at.get(user_id) ?? 0)
}

/** Notices carry nobody: the message before them does. */
const lastSaidUpTo = (messages: readonly Message[], place: number): Message | undefined => {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((messages[middle]?.sequence_number ?? Infinity) <= place) low = middle + 1
    else high = middle
  }
  for (let index = low - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (message && isSaid(message)) return message
  }
  return undefined
}

const isSaid = ({ message_type }: Message): boolean => message_type !== 'system'
