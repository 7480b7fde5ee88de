/**
 * What the message list shows, row by row: day lines, notices, and what people said, their own
 * unconfirmed words last. Pure. An own message keeps its key from the first keystroke's send to
 * its confirmation, so its bubble is reconciled in place.
 */
import type { FileDetails } from '../../../src/protocol/file.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { OutboxEntry } from '../sync/outbox.ts'
import { dayOf } from '../time.ts'

/** The same person within this time needs no second name and picture. */
export const GROUP_WITHIN_MS = 5 * 60_000

/** What a message answers, where that is among the messages held. */
export type Reply = { readonly message_id: string; readonly quoted: Message | undefined }

export type SaidRow = {
  readonly kind: 'said'
  readonly key: string
  readonly starts_group: boolean
  readonly sender_id: string
  readonly sender_name: string
  readonly at_ms: number
  readonly content: Message['content']
  readonly file: FileDetails | undefined
  readonly reply: Reply | undefined
  /** Undefined while the server has not confirmed it. */
  readonly message: Message | undefined
  /** Undefined once it is in the timeline. */
  readonly entry: OutboxEntry | undefined
}

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at_ms: number }
  /** Where what was unread on entry begins. */
  | { readonly kind: 'unread'; readonly key: string; readonly at_ms: number }
  | {
      readonly kind: 'notice'
      readonly key: string
      readonly at_ms: number
      readonly message: Message
    }
  | SaidRow

export type RowsInput = {
  readonly messages: readonly Message[]
  readonly outbox: readonly OutboxEntry[]
  readonly own: { readonly user_id: string; readonly display_name: string }
  /** The line of what is new stands above this message. */
  readonly first_unread_id?: string | undefined
}

/**
 * The row each message had last. A row that says the same is the same object, so that one change
 * in a room of thousands is one row's work.
 */
const row_of_message = new WeakMap<Message, SaidRow>()

export const buildRows = ({ messages, outbox, own, first_unread_id }: RowsInput): Row[] => {
  const rows: Row[] = []
  let previous: Row | undefined
  const held = new Map(messages.map((message) => [message.message_id, message]))
  const replyOf = (message_id: string | null | undefined): Reply | undefined =>
    typeof message_id === 'string' ? { message_id, quoted: held.get(message_id) } : undefined

  const add = (row: Row) => {
    previous = row
    rows.push(row)
  }
  /** Whether it starts a group depends on what stands above it, so that comes first. */
  const begin = (at_ms: number, key: string, message_id: string | undefined) => {
    if (previous === undefined || dayOf(previous.at_ms) !== dayOf(at_ms))
      add({ kind: 'day', key: `day:${dayOf(at_ms)}:${key}`, at_ms })
    if (message_id !== undefined && message_id === first_unread_id)
      add({ kind: 'unread', key: `unread:${message_id}`, at_ms })
  }

  for (const message of messages) {
    const known = row_of_message.get(message)
    const at_ms = known?.at_ms ?? Date.parse(message.created_at)
    const key = keyOf(message, own.user_id)
    begin(at_ms, key, message.message_id)
    if (message.message_type === 'system') {
      add({ kind: 'notice', key, at_ms, message })
      continue
    }
    const reply = replyOf(message.reply_to)
    const starts_group = startsGroup({ at_ms, reply, sender_id: message.sender_id }, previous)
    const is_same =
      known?.key === key &&
      known.starts_group === starts_group &&
      known.reply?.quoted === reply?.quoted
    const row: SaidRow = is_same
      ? known
      : {
          kind: 'said',
          key,
          starts_group,
          sender_id: message.sender_id,
          sender_name: message.sender_display_name,
          at_ms,
          content: message.content,
          file: message.file ?? undefined,
          reply,
          message,
          entry: undefined,
        }
    row_of_message.set(message, row)
    add(row)
  }
  for (const entry of outbox) {
    const key = `own:${entry.client_message_id}`
    const at_ms = entry.created_at
    begin(at_ms, key, undefined)
    const reply = replyOf(entry.reply_to)
    add({
      kind: 'said',
      key,
      starts_group: startsGroup({ at_ms, reply, sender_id: own.user_id }, previous),
      sender_id: own.user_id,
      sender_name: own.display_name,
      at_ms,
      content: entry.content,
      file: entry.file,
      reply,
      message: undefined,
      entry,
    })
  }
  return rows
}

const keyOf = (message: Message, own_user_id: string): string =>
  message.sender_id === own_user_id && message.message_type !== 'system'
    ? `own:${message.client_message_id}`
    : message.message_id

const startsGroup = (
  row: Pick<SaidRow, 'at_ms' | 'reply' | 'sender_id'>,
  previous: Row | undefined,
): boolean =>
  row.reply !== undefined ||
  previous?.kind !== 'said' ||
  previous.sender_id !== row.sender_id ||
  row.at_ms - previous.at_ms > GROUP_WITHIN_MS
