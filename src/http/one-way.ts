/** Posting a one-way message: accepted once it is durable in its shard, and not before (DISP-1). */
import * as z from 'zod/mini'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { ONE_WAY_MAX_BYTES } from '../protocol/limits.ts'
import { AcceptedOneWay, OneWayMessage } from '../protocol/one-way.ts'
import { Reference } from '../protocol/scalars.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { paidHandOver } from './paid-hand-over.ts'

const post = endpoint({
  method: 'post',
  path: '/api/messages/one-way',
  tag: 'one-way messages',
  summary: 'Post a message without holding a socket',
  description:
    'To a room, a person, an e-mail address or a phone number. It is durable when it is answered, ' +
    'and checked and delivered afterwards: ask at `status_url`, or listen to the inbox. A repeat ' +
    'with the same `idempotency_key` to the same recipient is answered with the first one.',
  headers: z.object({ 'idempotency-key': z.optional(Reference) }),
  body: OneWayMessage,
  body_max_bytes: ONE_WAY_MAX_BYTES,
  is_paid: true,
  success: { status: 202, description: 'It is kept, and will be sent', schema: AcceptedOneWay },
  refuses: ['bad_request', 'conflict', 'too_large', 'rate_limited'],
  says: {
    conflict: 'this idempotency_key was used for another message',
    too_large: `a body may have ${ONE_WAY_MAX_BYTES} bytes`,
  },
  handle: async ({ context, caller: { user_id }, body }) => {
    const message = withKey(context.req.header('idempotency-key'), body)
    if (!message.ok) return message
    const [handed] = await paidHandOver(context, user_id, [message.value])
    if (!handed) return failure(refusal('internal', 'nothing is known of the message'))
    if (!handed.ok) return handed
    const { tracking_id, status } = handed
    context.set('item_id', message.value.idempotency_key ?? tracking_id)
    return success({ tracking_id, status, status_url: `/api/messages/one-way/${tracking_id}` })
  },
})

/** The key may come in the body or as `Idempotency-Key`. */
const withKey = (header: string | undefined, message: OneWayMessage): Outcome<OneWayMessage> => {
  if (header === undefined) return success(message)
  if (!Reference.safeParse(header).success)
    return failure(refusal('bad_request', 'Idempotency-Key is empty or too long'))
  const { idempotency_key = header } = message
  return idempotency_key === header
    ? success({ ...message, idempotency_key })
    : failure(refusal('bad_request', 'Idempotency-Key and idempotency_key differ'))
}

export const oneWayEndpoints: readonly Endpoint[] = [post]
