/** What the inbox's socket speaks (INBOX-1): how things stand, so every greeting is complete. */
import { decodeFrames } from '../../../src/protocol/decode-down.ts'
import type { InboxDownFrame, InboxUpFrame } from '../../../src/protocol/inbox.ts'
import type { Wire } from './connection.ts'

export const inboxWire: Wire<InboxDownFrame, InboxUpFrame> = {
  address: () => ({ path: '/ws', resumes: false }),
  decode: decodeFrames<InboxDownFrame>,
  isGreeting: (frame) => frame.type === 'inbox_welcome',
  isCaughtUp: (frame) => frame.type === 'inbox_welcome',
}
