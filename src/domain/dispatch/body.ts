/** What of a posted message is kept, and whether two posts say the same (MSG-3). */
import { hash53 } from '../../lib/hash53.ts'
import type { OneWayMessage } from '../../protocol/one-way.ts'
import type { Body } from './row.ts'

export const bodyOf = (message: OneWayMessage): Body => {
  const { content, message_type, mentions, reply_to, file_id, subject } = message
  return { content, message_type, mentions, reply_to, file_id, subject }
}

/** Of two bodies alike the same, in whatever order their fields were written. */
export const digestOf = (body: Body): number => hash53(JSON.stringify(body, inOrder))

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value
