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
}

export const buildRows = ({ messages, outbox, own }: RowsInput): readonly Row[] => {
  const rows: Row[] = []
  let previous: Row | undefined
  const held = new Map(messages.map((message) => [message.message_id, message]))
  const replyOf = (message_id: string | null | undefined): Reply | undefined =>
    typeof message_id === 'string' ? { message_id, quoted: held.get(message_id) } : undefined

  const push = (row: Exclude<Row, { kind: 'day' }>) => {
    if (previous === undefined || dayOf(previous.at_ms) !== dayOf(row.at_ms)) {
      previous = { kind: 'day', key: `day:${dayOf(row.at_ms)}:${row.key}`, at_ms: row.at_ms }
      rows.push(previous)
    }
    previous = row.kind === 'said' ? { ...row, starts_group: startsGroup(row, previous) } : row
    rows.push(previous)
  }

  for (const message of messages) {
    const at_ms = Date.parse(message.created_at)
    if (message.message_type === 'system')
      push({ kind: 'notice', key: message.message_id, at_ms, message })
    else
      push({
        kind: 'said',
        key:
          message.sender_id === own.user_id
            ? `own:${message.client_message_id}`
            : message.message_id,
        starts_group: true,
        sender_id: message.sender_id,
        sender_name: message.sender_display_name,
        at_ms,
        content: message.content,
        file: message.file ?? undefined,
        reply: replyOf(message.reply_to),
        message,
        entry: undefined,
      })
  }
  for (const entry of outbox)
    push({
      kind: 'said',
      key: `own:${entry.client_message_id}`,
      starts_group: true,
      sender_id: own.user_id,
      sender_name: own.display_name,
      at_ms: entry.created_at,
      content: entry.content,
      file: entry.file,
      reply: replyOf(entry.reply_to),
      message: undefined,
      entry,
    })
  return rows
}

const startsGroup = (row: SaidRow, previous: Row): boolean =>
  row.reply !== undefined ||
  previous.kind !== 'said' ||
  previous.sender_id !== row.sender_id ||
  row.at_ms - previous.at_ms > GROUP_WITHIN_MS
