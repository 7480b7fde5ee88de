/**
 * Whether a message that was accepted can be sent at all, and as what (DISP-5). A bad one is
 * rejected with a reason and holds up nobody.
 */
import * as z from 'zod/mini'
import { CONTENT_MAX_LENGTH } from '../../protocol/limits.ts'
import { NewMessage, Words } from '../../protocol/message.ts'
import { text, UserId, Uuid } from '../../protocol/scalars.ts'
import type { MessageItem } from '../room/commit.ts'
import { messageItem } from '../room/wanted.ts'
import type { Body, StoredReason, WaitingRow } from './row.ts'

export type Sendable =
  | { readonly kind: 'message'; readonly item: MessageItem }
  | { readonly kind: 'notice'; readonly content: string }
  | { readonly kind: 'parcel'; readonly content: string; readonly subject: string | null }

export type Validated =
  | { readonly ok: true; readonly sendable: Sendable }
  | { readonly ok: false; readonly reason: StoredReason }

export const validate = (row: WaitingRow): Validated => {
  // Our own; what is in it was checked when it came.
  if (row.recipient_type === 'webhook')
    return sendable({ kind: 'parcel', content: row.body, subject: null })
  const address = z.safeParse(addresses[row.recipient_type], row.recipient_id)
  if (!address.success) return bad('recipient.id', address.error)
  const body = bodyIn(row.body)
  if (body === undefined)
    return { ok: false, reason: { code: 'internal', message: 'its content cannot be read' } }
  switch (row.recipient_type) {
    case 'room': {
      const client_message_id = row.idempotency_key ?? row.tracking_id
      const message = z.safeParse(NewMessage, { ...body, client_message_id })
      if (!message.success) return bad(undefined, message.error)
      const by = { change_id: row.tracking_id, actor_id: row.sender_id }
      return sendable({ kind: 'message', item: messageItem(by, message.data) })
    }
    case 'user': {
      const notice = z.safeParse(OnlyWords, body)
      if (!notice.success) return bad(undefined, notice.error)
      return sendable({ kind: 'notice', content: notice.data.content })
    }
    case 'email':
    case 'whatsapp': {
      const parcel = z.safeParse(OnlyWords, body)
      if (!parcel.success) return bad(undefined, parcel.error)
      const { content, subject = null } = parcel.data
      return sendable({ kind: 'parcel', content, subject })
    }
  }
}

/** RFC 5321 in the form that is used: one @, no spaces, a domain. */
const EmailAddress = text(3, 254).check(
  z.regex(/^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]+\.[^\s@.<>(),;:"\\[\]]+$/, {
    error: 'must be an e-mail address',
  }),
)

const PhoneNumber = z
  .string()
  .check(z.regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a phone number such as +886912345678' }))

const addresses = { room: Uuid, user: UserId, email: EmailAddress, whatsapp: PhoneNumber }

const SUBJECT_MAX_LENGTH = 200

const nothing = (what: string) => z.optional(z.null({ error: `${what} is for messages to rooms` }))

/** What can be said outside of rooms. */
const OnlyWords = z.object({
  content: Words.check(z.maxLength(CONTENT_MAX_LENGTH)),
  message_type: z.optional(z.literal('text')),
  subject: z.optional(
    z.nullable(
      text(1, SUBJECT_MAX_LENGTH).check(
        z.refine((value) => !/[\r\n]/.test(value), { error: 'must be one line' }),
      ),
    ),
  ),
  file_id: nothing('a file'),
  reply_to: nothing('a reply'),
})

const sendable = (value: Sendable): Validated => ({ ok: true, sendable: value })

const bad = (field: string | undefined, error: z.core.$ZodError): Validated => {
  const [issue] = error.issues
  const name = field ?? (issue?.path.map(String).join('.') || undefined)
  const message = issue?.message ?? 'is invalid'
  return {
    ok: false,
    reason: {
      code: 'bad_request',
      message: name === undefined ? message : `${name}: ${message}`,
    },
  }
}

const bodyIn = (json: string): Body | undefined => {
  try {
    return JSON.parse(json) as Body
  } catch {
    return undefined
  }
}
