/** What a room's socket speaks (CONN-3, CONN-5, CONN-12). */
import { decodeDown } from '../../../src/protocol/decode-down.ts'
import type { DownFrame } from '../../../src/protocol/down.ts'
import type { UpFrame } from '../../../src/protocol/up.ts'
import type { Wire } from './connection.ts'

/** `sinceRevision`: the last applied one, undefined before there is one. */
export const roomWire = (
  room_id: string,
  sinceRevision: () => number | undefined,
): Wire<DownFrame, UpFrame> => ({
  address: () => {
    const since_revision = sinceRevision()
    const resumes = since_revision !== undefined
    const resume = resumes ? `&since_revision=${since_revision}` : ''
    return { path: `/ws/${room_id}?batch=1${resume}`, resumes }
  },
  decode: decodeDown,
  isGreeting: (frame) => frame.type === 'welcome',
  isCaughtUp: (frame, resumes) =>
    (frame.type === 'welcome' && !resumes) ||
    (frame.type === 'resumed' && frame.recovered) ||
    frame.type === 'snapshot',
  presence: (is_visible) => ({ type: 'presence', state: is_visible ? 'active' : 'idle' }),
})
