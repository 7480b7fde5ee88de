/** One message as it is now, for those who may read its room. */
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import type { Message, SentMessage } from '../protocol/message.ts'
import { readable } from './room-access.ts'

export const messageNow = async (
  env: Env,
  args: { readonly room_id: string; readonly message_id: string; readonly user_id: string },
): Promise<Outcome<Message>> => {
  const seen = readable(await askDatabase(env, args.room_id, 'readMessage', args))
  if (!seen.ok) return seen
  return seen.value.message === null
    ? failure(refusal('not_found', 'there is no such message in this room'))
    : success(seen.value.message)
}

/** With what the ack of a frame would say of its mentions (API-8). */
export const withDropped = (
  message: Message,
  // A room's object of the version before says nothing of it.
  { dropped_mentions = [] }: { readonly dropped_mentions?: readonly string[] },
): SentMessage =>
  dropped_mentions.length === 0 ? message : { ...message, dropped_mentions: [...dropped_mentions] }
