/**
 * Where a request carries its token (CONN-2), and whether it may: a cookie travels by itself, so
 * whatever it could set off must come from our own page (SEC-3). Only looks at the request; what
 * the token says is for `tokens.ts`. A token in the URL is never read: URLs end up in logs.
 */
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../protocol/version.ts'

export const SESSION_COOKIE = 'muster_session'

type RequestHead = Pick<Request, 'headers' | 'method' | 'url'>

/** The token, or `unauthenticated` without one, `forbidden` from a foreign page. */
export const tokenOf = (request: RequestHead): Outcome<string> => {
  const explicit = authorizationToken(request.headers) ?? subprotocolToken(request)
  if (explicit !== undefined) return success(explicit)
  const cookie = sessionCookie(request.headers)
  if (cookie === undefined)
    return failure(refusal('unauthenticated', 'there is no token with this request'))
  return mayAct(request) && !isFromOurPage(request)
    ? failure(refusal('forbidden', 'the request does not come from this origin'))
    : success(cookie)
}

/** Whether a page that is not ours sent it. Only browsers say where a request comes from. */
export const isForeign = (request: RequestHead): boolean => {
  const origin = request.headers.get('origin')
  return origin !== null && origin !== new URL(request.url).origin
}

export const isUpgrade = (request: RequestHead): boolean =>
  request.headers.get('upgrade')?.toLowerCase() === 'websocket'

/** HttpOnly: scripts never see it. Lax: it does not travel with a foreign page's posts. */
export const setSessionCookie = (
  token: string,
  { url, lifetime_s }: { readonly url: string; readonly lifetime_s: number },
): string => {
  const secure = new URL(url).protocol === 'https:' ? '; Secure' : ''
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifetime_s}${secure}`
}

/** Whether it could change or open something; reading alone tells a foreign page nothing. */
const mayAct = (request: RequestHead): boolean =>
  (request.method !== 'GET' && request.method !== 'HEAD') || isUpgrade(request)

const isFromOurPage = (request: RequestHead): boolean =>
  request.headers.get('origin') === new URL(request.url).origin

const authorizationToken = (headers: Headers): string | undefined =>
  /^bearer +(\S+)$/i.exec(headers.get('authorization')?.trim() ?? '')?.[1]

/** `muster.v1, bearer.<token>`: the one header that a browser lets a page set on a WebSocket. */
const subprotocolToken = (request: RequestHead): string | undefined => {
  if (!isUpgrade(request)) return undefined
  const offered = (request.headers.get('sec-websocket-protocol') ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
  if (!offered.includes(SUBPROTOCOL)) return undefined
  return offered
    .find((protocol) => protocol.startsWith(BEARER_SUBPROTOCOL_PREFIX))
    ?.slice(BEARER_SUBPROTOCOL_PREFIX.length)
}

const sessionCookie = (headers: Headers): string | undefined =>
  (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    ?.slice(SESSION_COOKIE.length + 1)
