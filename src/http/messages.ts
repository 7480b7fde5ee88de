/** Messages: pages of history (API-1) and sending over REST (API-8). */
import { uuidv7 } from 'uuidv7'
import * as z from 'zod/mini'
import { askDatabase } from '../durable/ask-database.ts'
import { messageItem } from '../domain/room/wanted.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { MessagePage, NewMessage, SentMessage } from '../protocol/message.ts'
import { Reference } from '../protocol/scalars.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { messageNow, withDropped } from './message-now.ts'
import { pageOf, rowsFor } from './message-page.ts'
import { MessageQuery, positionOf } from './message-query.ts'
import { RoomParams } from './params.ts'
import { readable } from './room-access.ts'
import { submitFor } from './submit.ts'

const read = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/messages',
  tag: 'messages',
  summary: 'A page of history, newest first, or of the incident data in it',
  description:
    'At most one of `before`, `before_sequence`, `after_sequence` and `around`. ' +
    'Deleted messages keep their place and lose their words.',
  params: RoomParams,
  query: MessageQuery,
  success: { status: 200, description: 'The page', schema: MessagePage },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  handle: async ({ env, caller: { user_id }, params: { room_id }, query }) => {
    const position = positionOf(query)
    const count = rowsFor(position, query.limit)
    const { data } = query
    const page = readable(
      await askDatabase(env, room_id, 'readMessagePage', {
        ...{ room_id, user_id, position, count, data },
      }),
    )
    return page.ok ? success(pageOf(position, query.limit, page.value)) : page
  },
})

const send = endpoint({
  method: 'post',
  path: '/api/rooms/{room_id}/messages',
  tag: 'messages',
  summary: 'Say something',
  description:
    'The same as a `message` frame on the socket. A repeat with the same `client_message_id` ' +
    'answers the first message and says nothing again; with other words it is a `conflict`.',
  params: RoomParams,
  headers: z.object({ 'idempotency-key': z.optional(Reference) }),
  body: NewMessage,
  is_paid: true,
  success: { status: 201, description: 'The message', schema: SentMessage },
  refuses: ['bad_request', 'forbidden', 'not_found', 'conflict', 'too_large', 'database_busy'],
  says: { conflict: 'this client_message_id was used for another message' },
  handle: async ({ context, env, caller, params: { room_id }, body }) => {
    const change_id = uuidv7()
    const client_message_id = clientMessageId(context.req.header('idempotency-key'), body)
    if (!client_message_id.ok) return client_message_id
    const by = { change_id, actor_id: caller.user_id }
    const said = { ...body, client_message_id: client_message_id.value ?? change_id }
    const reply = await submitFor(context, room_id, messageItem(by, said))
    if (!reply.ok) return reply
    if (reply.message !== undefined) return success(withDropped(reply.message, reply))
    return reply.result.status === 'duplicate'
      ? // MSG-3: what a repeat gets.
        messageNow(env, { room_id, message_id: reply.result.message_id, user_id: caller.user_id })
      : failure(refusal('internal', 'the message was written, but cannot be shown'))
  },
})

/** In the body or as `Idempotency-Key`; undefined in neither. */
const clientMessageId = (
  header: string | undefined,
  { client_message_id }: NewMessage,
): Outcome<string | undefined> => {
  if (header === undefined) return success(client_message_id)
  if (!Reference.safeParse(header).success)
    return failure(refusal('bad_request', 'Idempotency-Key is empty or too long'))
  if (client_message_id !== undefined && client_message_id !== header)
    return failure(refusal('bad_request', 'Idempotency-Key and client_message_id differ'))
  return success(header)
}

export const messageEndpoints: readonly Endpoint[] = [read, send]
