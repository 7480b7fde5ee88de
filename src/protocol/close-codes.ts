/**
 * Why the server closes a socket. The range alone tells the client what to do (CONN-7):
 *   4000–4399  say nothing of their own and are not used
 *   4400–4400  stop: the client is at fault, reconnecting would repeat it
 *   4401–4402  authenticate first, then reconnect
 *   4403–4407  stop: the room is closed to this person
 *   4408–4499  reconnect with backoff and resume
 * Every code below 4000 (1001 going away, 1006 lost, 1011, 1012 …) means reconnect too.
 */
export const closeCodes = {
  /** Repeated abuse: unreadable frames, sent on and on (CONN-11). */
  abuse: 4400,
  /** The token expired and was not renewed in time (CONN-8). */
  token_expired: 4401,
  /** No longer a member (CONN-8). */
  removed: 4403,
  /** The room does not exist any more (CONN-8). */
  room_gone: 4404,
  /** No pong in time (CONN-6), or too far behind (CONN-10); the reason tells which. */
  unresponsive: 4408,
  /** The room moved to another instance, or cannot serve this socket now. */
  restart: 4409,
} as const

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes]

export type AfterClose = 'reconnect' | 'authenticate' | 'stop'

/** What a client does after a close with this code. */
export const afterClose = (code: number): AfterClose => {
  if (code === 4400 || (code >= 4403 && code <= 4407)) return 'stop'
  if (code === 4401 || code === 4402) return 'authenticate'
  return 'reconnect'
}
