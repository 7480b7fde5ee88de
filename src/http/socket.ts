/**
 * The ways to the two sockets, a room's and a person's own (CONN-1, CONN-2): the Worker checks who
 * it is and passes the upgrade on; whether they belong to the room is the room's to say.
 */
import { inboxStubOf, roomStub } from '../durable/stubs.ts'
import { encodeIdentity, UPGRADE_HEADER } from '../identity/upgrade-header.ts'
import { isUpgrade } from '../identity/credentials.ts'
import type { Identity } from '../identity/tokens.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import type { HttpContext } from './context.ts'
import { identify, type Endpoint } from './endpoint.ts'
import { RoomParams, SocketQuery } from './params.ts'
import { refuse } from './refuse.ts'

type Target = Pick<DurableObjectStub, 'fetch'>

/** @param targetOf a new stub each time: one that threw before stays broken */
const open =
  (targetOf: (context: HttpContext, caller: Identity) => Outcome<Target>) =>
  async (context: HttpContext): Promise<Response> => {
    const request = context.req.raw
    if (!isUpgrade(request)) {
      const refused = refusal('bad_request', 'this address is for WebSockets')
      return refuse(context, refused, { status: 426, headers: { upgrade: 'websocket' } })
    }
    const caller = await identify(context)
    if (!caller.ok) return refuse(context, caller.refusal)
    const target = targetOf(context, caller.value)
    if (!target.ok) return refuse(context, target.refusal)
    try {
      return await target.value.fetch(upgradeRequest(request, caller.value))
    } catch {
      return refuse(context, refusal('unavailable', 'it was reset', 1_000))
    }
  }

const roomOf = (context: HttpContext): Outcome<Target> => {
  const params = RoomParams.safeParse(context.req.param())
  if (!params.success) return failure(refusal('not_found', 'no such room'))
  return success(roomStub(context.env, params.data.room_id))
}

const inboxOf = (context: HttpContext, { user_id }: Identity): Outcome<Target> =>
  success(inboxStubOf(context.env, user_id))

const upgradeRequest = (request: Request, caller: Identity): Request => {
  const { user_id, display_name, expires_at } = caller
  const headers = new Headers(request.headers)
  headers.set(
    UPGRADE_HEADER,
    encodeIdentity({
      user_id,
      ...(display_name === undefined ? {} : { display_name }),
      token_expires_at: expires_at,
    }),
  )
  return new Request(request.url, { headers })
}

const credentials =
  'A WebSocket upgrade. A page sends its cookie from the same origin; other clients send ' +
  '`Authorization: Bearer`, or the subprotocols `muster.v1, bearer.<token>`. Without an ' +
  'upgrade the answer is 426.'

const room: Endpoint = {
  method: 'get',
  path: '/ws/{room_id}',
  tag: 'socket',
  summary: "Open a room's socket",
  description: credentials,
  is_public: false,
  params: RoomParams,
  query: SocketQuery,
  success: { status: 101, description: 'The socket is open; `welcome` follows' },
  refuses: ['forbidden', 'not_found', 'unavailable'],
  run: open(roomOf),
}

const inbox: Endpoint = {
  method: 'get',
  path: '/ws',
  tag: 'socket',
  summary: 'Open my own socket: the inbox of all my rooms',
  description: credentials,
  is_public: false,
  success: { status: 101, description: 'The socket is open; `inbox_welcome` follows' },
  refuses: ['forbidden', 'rate_limited', 'unavailable'],
  run: open(inboxOf),
}

export const socketEndpoints: readonly Endpoint[] = [room, inbox]
