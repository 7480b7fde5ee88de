/** What a sender is told of an item that left the FIFO, and the message that it became. */
import { refusal, type Refusal } from '../../protocol/errors.ts'
import { fileUrl } from '../../protocol/file-url.ts'
import type { Ack, Message } from '../../protocol/message.ts'
import { figuresOf } from './budget-figures.ts'
import type { CommitItem, ItemResult, MessageItem } from './commit.ts'
import type { Pending, Socket } from './state.ts'
import { send, sendError, type Turn } from './turn.ts'

/** Tells the sender, on the socket or over REST, that nothing of it was written. */
export const refuse = (
  turn: Turn,
  { origin, item }: Pick<Pending, 'origin' | 'item'>,
  why: Refusal,
): void => {
  if (origin.kind === 'request') {
    turn.effects.push({
      type: 'reply',
      request: origin.request,
      reply: { ok: false, refusal: why, budget: figuresOf(turn.state, item.actor_id, turn.now) },
    })
    return
  }
  const socket = turn.state.sockets.get(origin.socket)
  const client_message_id = item.kind === 'message' ? item.client_message_id : undefined
  if (socket) sendError(turn, socket, why, origin.ref ?? client_message_id)
}

/** Tells the sender what became of it: the ack of MSG-2, or the reply to a request. */
export const answer = (
  turn: Turn,
  pending: Pending,
  result: ItemResult,
  message: Message | undefined,
): void => {
  if (result.status === 'refused') {
    const { code, message: text } = result
    return refuse(turn, pending, refusal(code, text))
  }
  const { origin, item } = pending
  const dropped_mentions = droppedOf(pending, result)
  if (origin.kind === 'request') {
    turn.effects.push({
      type: 'reply',
      request: origin.request,
      reply: {
        ok: true,
        result,
        message,
        dropped_mentions,
        budget: figuresOf(turn.state, item.actor_id, turn.now),
      },
    })
    return
  }
  const socket = turn.state.sockets.get(origin.socket)
  if (!socket) return
  const rest = {
    ...(origin.ref === undefined ? {} : { ref: origin.ref }),
    ...(dropped_mentions.length === 0 ? {} : { dropped_mentions: [...dropped_mentions] }),
  }
  if (item.kind === 'message') return ackMessage(turn, socket, { item, result, rest })
  send(turn, socket, {
    type: 'change_ack',
    message_id: item.message_id,
    status: result.status === 'unchanged' ? 'unchanged' : 'changed',
    ...rest,
  })
}

const ackMessage = (
  turn: Turn,
  socket: Socket,
  acked: {
    readonly item: MessageItem
    readonly result: ItemResult
    readonly rest: Pick<Ack, 'ref' | 'dropped_mentions'>
  },
): void => {
  const { item, result, rest } = acked
  if (result.status !== 'committed' && result.status !== 'duplicate') return
  send(turn, socket, {
    type: 'ack',
    client_message_id: item.client_message_id,
    message_id: result.status === 'duplicate' ? result.message_id : item.change_id,
    sequence_number: result.sequence_number,
    revision: result.revision,
    created_at: result.created_at,
    ...rest,
  })
}

/** Ids that are no members, and names in the text that are nobody's. */
const droppedOf = ({ item, unknown_mentions }: Pending, result: ItemResult): readonly string[] => {
  if (item.kind !== 'message' || result.status !== 'committed') return unknown_mentions
  const nonMembers = item.mentions.filter((user_id) => !result.mentions.includes(user_id))
  return [...nonMembers, ...unknown_mentions]
}

/** The message that an item became; undefined where it became none. */
export const messageOf = (
  room_id: string,
  item: CommitItem,
  result: ItemResult,
): Message | undefined =>
  result.status === 'committed' && item.kind === 'message'
    ? newMessage(room_id, item, result)
    : undefined

/** A message just committed, in the shape that the database gives it to everybody else (MSG-5). */
const newMessage = (
  room_id: string,
  item: MessageItem,
  result: ItemResult & { status: 'committed' },
): Message => ({
  message_id: item.change_id,
  room_id,
  sender_id: item.actor_id,
  sender_display_name: result.sender_display_name,
  client_message_id: item.client_message_id,
  ...saidIn(item),
  message_type: item.message_type,
  mentions: [...result.mentions],
  file_id: item.file_id,
  file_url: item.file_id === null ? null : fileUrl(item.file_id),
  file: result.file,
  reply_to: item.reply_to,
  created_at: result.created_at,
  edited_at: null,
  deleted_at: null,
  deleted_by: null,
  pin: null,
  sequence_number: result.sequence_number,
  revision: result.revision,
  changed_revision: result.revision,
  reactions: [],
})

/** On the wire readings are the content; in the table they have a column of their own (MSG-4). */
const saidIn = ({ message_type, content, data }: MessageItem) =>
  message_type === 'incident_data' && data !== null
    ? { content: data, data: null }
    : { content, data }
