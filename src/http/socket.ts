/**
 * The way to a room's socket (CONN-1, CONN-2): the Worker checks who it is and passes the upgrade
 * on; whether they belong to the room is the room's to say.
 */
import { roomStub } from '../durable/stubs.ts'
import { encodeIdentity, UPGRADE_HEADER } from '../identity/upgrade-header.ts'
import { isUpgrade } from '../identity/credentials.ts'
import type { Identity } from '../identity/tokens.ts'
import { refusal } from '../protocol/errors.ts'
import type { HttpContext } from './context.ts'
import { identify, type Endpoint } from './endpoint.ts'
import { RoomParams, SocketQuery } from './params.ts'
import { refuse } from './refuse.ts'

const open = async (context: HttpContext): Promise<Response> => {
  const request = context.req.raw
  if (!isUpgrade(request)) {
    const refused = refusal('bad_request', 'this address is for WebSockets')
    return refuse(context, refused, { status: 426, headers: { upgrade: 'websocket' } })
  }
  const caller = await identify(context)
  if (!caller.ok) return refuse(context, caller.refusal)
  const params = RoomParams.safeParse(context.req.param())
  if (!params.success) return refuse(context, refusal('not_found', 'no such room'))
  try {
    // A new stub: one that threw before stays broken.
    const room = roomStub(context.env, params.data.room_id)
    return await room.fetch(upgradeRequest(request, caller.value))
  } catch {
    return refuse(context, refusal('unavailable', 'the room was reset', 1_000))
  }
}

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

const socket: Endpoint = {
  method: 'get',
  path: '/ws/{room_id}',
  tag: 'socket',
  summary: "Open a room's socket",
  description:
    'A WebSocket upgrade. A page sends its cookie from the same origin; other clients send ' +
    '`Authorization: Bearer`, or the subprotocols `muster.v1, bearer.<token>`. Without an ' +
    'upgrade the answer is 426.',
  is_public: false,
  params: RoomParams,
  query: SocketQuery,
  success: { status: 101, description: 'The socket is open; `welcome` follows' },
  refuses: ['forbidden', 'not_found', 'unavailable'],
  run: open,
}

export const socketEndpoints: readonly Endpoint[] = [socket]
