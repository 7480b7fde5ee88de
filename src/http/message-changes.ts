/**
 * What becomes of a message, over REST: the same changes as the frames, through the same FIFO
 * (MSG-7, MSG-8, MSG-9, MSG-11).
 */
import { uuidv7 } from 'uuidv7'
import { askDatabase } from '../durable/ask-database.ts'
import { inForce } from '../durable/configuration.ts'
import { messageChangeItem, type WantedChange } from '../domain/room/wanted.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { emojiOf } from '../protocol/emoji.ts'
import { refusal } from '../protocol/errors.ts'
import { Message, MessageList, SentMessage } from '../protocol/message.ts'
import { EditBody, MessageHistory, PinBody } from '../protocol/message-change.ts'
import { readRoomSettings } from '../durable/room-settings.ts'
import type { HttpContext } from './context.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { messageNow, withDropped } from './message-now.ts'
import { MessageParams, ReactionParams, RoomParams } from './params.ts'
import { readable } from './room-access.ts'
import { submitFor } from './submit.ts'

const refuses = ['forbidden', 'not_found', 'database_busy'] as const

const notEmoji = 'emoji: must be one emoji'

const read = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/messages/{message_id}',
  tag: 'messages',
  summary: 'One message as it is now',
  params: MessageParams,
  success: { status: 200, description: 'The message', schema: Message },
  refuses,
  handle: ({ env, caller: { user_id }, params }) => messageNow(env, { ...params, user_id }),
})

const edit = endpoint({
  method: 'patch',
  path: '/api/rooms/{room_id}/messages/{message_id}',
  tag: 'messages',
  summary: 'Edit an own message',
  description:
    'Within 15 minutes after it was said; later it is `too_late`. Every earlier text stays ' +
    'readable at `/history`. Readings and deleted messages cannot be edited.',
  params: MessageParams,
  body: EditBody,
  is_paid: true,
  success: { status: 200, description: 'The message as it is now', schema: SentMessage },
  refuses: ['bad_request', 'too_late', 'too_large', ...refuses],
  says: {
    forbidden: 'only its sender may edit a message',
    too_late: 'the time in which this message could be edited is over',
  },
  handle: ({ context, caller, params, body: { content } }) =>
    changed(context, caller, params, { type: 'edit_message', content }),
})

const remove = endpoint({
  method: 'delete',
  path: '/api/rooms/{room_id}/messages/{message_id}',
  tag: 'messages',
  summary: 'Delete a message',
  description:
    'Its sender may, and owners may delete any. It keeps its place and loses its words, which ' +
    'are never sent to anybody again.',
  params: MessageParams,
  is_paid: true,
  success: { status: 204, description: 'It has no words any more' },
  refuses,
  says: { forbidden: 'only its sender or an owner may delete a message' },
  handle: ({ context, caller, params }) =>
    changedTo(context, caller, params, { type: 'delete_message' }),
})

const history = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/messages/{message_id}/history',
  tag: 'messages',
  summary: 'The texts of a message, from the first to the last',
  description: 'None of a message that was deleted.',
  params: MessageParams,
  success: { status: 200, description: 'Its versions', schema: MessageHistory },
  refuses,
  handle: async ({ env, caller: { user_id }, params }) => {
    const args = { ...params, user_id }
    const seen = readable(await askDatabase(env, params.room_id, 'readMessageHistory', args))
    if (!seen.ok) return seen
    return seen.value.versions === null
      ? failure(refusal('not_found', 'there is no such message in this room'))
      : success({ versions: seen.value.versions })
  },
})

const react = endpoint({
  method: 'put',
  path: '/api/rooms/{room_id}/messages/{message_id}/reactions/{emoji}',
  tag: 'messages',
  summary: 'React with an emoji',
  description: 'Once per person and emoji; again changes nothing. The emoji is percent-encoded.',
  params: ReactionParams,
  is_paid: true,
  success: { status: 200, description: 'The message as it is now', schema: Message },
  refuses: ['bad_request', 'conflict', ...refuses],
  says: {
    bad_request: notEmoji,
    conflict: 'a message may have 50 different emojis',
  },
  handle: async ({ context, caller, params: { emoji: text, ...params } }) => {
    const emoji = emojiOf(text)
    if (emoji === undefined) return notAnEmoji
    return changed(context, caller, params, { type: 'add_reaction', emoji })
  },
})

const takeBack = endpoint({
  method: 'delete',
  path: '/api/rooms/{room_id}/messages/{message_id}/reactions/{emoji}',
  tag: 'messages',
  summary: 'Take a reaction back',
  params: ReactionParams,
  is_paid: true,
  success: { status: 204, description: 'It is gone, or was not there' },
  refuses: ['bad_request', ...refuses],
  says: { bad_request: notEmoji },
  handle: async ({ context, caller, params: { emoji: text, ...params } }) => {
    const emoji = emojiOf(text)
    if (emoji === undefined) return notAnEmoji
    return changedTo(context, caller, params, { type: 'remove_reaction', emoji })
  },
})

const pin = endpoint({
  method: 'put',
  path: '/api/rooms/{room_id}/messages/{message_id}/pin',
  tag: 'messages',
  summary: "Pin a message to the incident's timeline",
  description:
    'Again with another `event_at` corrects when it happened. Without one it is when it was said.',
  params: MessageParams,
  body: PinBody,
  is_paid: true,
  success: { status: 200, description: 'The message as it is now', schema: Message },
  refuses: ['bad_request', ...refuses],
  handle: ({ context, caller, params, body }) =>
    changed(context, caller, params, { type: 'pin_message', ...body }),
})

const unpin = endpoint({
  method: 'delete',
  path: '/api/rooms/{room_id}/messages/{message_id}/pin',
  tag: 'messages',
  summary: 'Unpin a message',
  params: MessageParams,
  is_paid: true,
  success: { status: 204, description: 'It is no longer pinned' },
  refuses,
  handle: ({ context, caller, params }) =>
    changedTo(context, caller, params, { type: 'unpin_message' }),
})

const pins = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/pins',
  tag: 'messages',
  summary: "The pinned messages: the incident's timeline",
  params: RoomParams,
  success: { status: 200, description: 'In the order of their event times', schema: MessageList },
  refuses,
  handle: async ({ env, caller: { user_id }, params: { room_id } }) => {
    const seen = readable(await askDatabase(env, room_id, 'listPins', { room_id, user_id }))
    return seen.ok ? success({ messages: seen.value.messages }) : seen
  },
})

const notAnEmoji = failure(refusal('bad_request', notEmoji))

type Caller = { readonly user_id: string }
type Place = { readonly room_id: string; readonly message_id: string }
type Wish = WantedChange extends infer Each
  ? Each extends WantedChange
    ? Omit<Each, 'message_id'>
    : never
  : never

/** Does it, and answers nothing but that it is so now. */
const changedTo = async (
  context: HttpContext,
  caller: Caller,
  place: Place,
  wish: Wish,
): Promise<Outcome<null>> => {
  const reply = await ask(context, caller, place, wish)
  return reply.ok ? success(null) : reply
}

const changed = async (
  context: HttpContext,
  caller: Caller,
  place: Place,
  wish: Wish,
): Promise<Outcome<SentMessage>> => {
  const reply = await ask(context, caller, place, wish)
  if (!reply.ok) return reply
  const message = await messageNow(context.env, { ...place, user_id: caller.user_id })
  return message.ok ? success(withDropped(message.value, reply)) : message
}

const ask = (
  context: HttpContext,
  { user_id }: Caller,
  { room_id, message_id }: Place,
  wish: Wish,
) => {
  const by = { change_id: uuidv7(), actor_id: user_id }
  const item = messageChangeItem(
    by,
    { ...wish, message_id },
    readRoomSettings(inForce(context.env).variables),
  )
  return submitFor(context, room_id, item)
}

export const messageChangeEndpoints: readonly Endpoint[] = [
  read,
  edit,
  remove,
  history,
  react,
  takeBack,
  pin,
  unpin,
  pins,
]
