/**
 * E-mail over the Resend API (https://resend.com/docs/api-reference/emails/send-email). The id of
 * a message goes along as `Idempotency-Key`: for a day the service sends it once, however often it
 * is asked.
 */
import type { Channel, Delivery, Parcel } from './channel.ts'
import { below } from './api-url.ts'
import type { EmailSettings } from './email-settings.ts'
import { fieldOf, post, type PostAnswer } from './post.ts'
import { busy, denied, receiverBusy, silent, sortStatus } from './sort-status.ts'

const NAME = 'the e-mail service'

/** What mail programs show of one. */
const SUBJECT_MAX_LENGTH = 200

/** A quota is a day's or a month's; to look again every quarter of an hour is enough. */
const QUOTA_PAUSE_MS = 900_000

export class Email implements Channel<Parcel> {
  readonly #settings: EmailSettings

  constructor(settings: EmailSettings) {
    this.#settings = settings
  }

  async send({ id, to, content, subject, sender_display_name }: Parcel): Promise<Delivery> {
    const { url, api_key, from } = this.#settings
    const title = oneLine(subject ?? `Message from ${sender_display_name}`)
    const answer = await post(below(url, 'emails'), {
      headers: {
        authorization: `Bearer ${api_key}`,
        'content-type': 'application/json',
        'idempotency-key': id,
      },
      body: JSON.stringify({ from, to: [to], subject: title, text: content }),
    })
    return answer.kind === 'silent' ? silent(answer, NAME) : sort(answer)
  }
}

/** By the name of the error first (https://resend.com/docs/api-reference/errors). */
const sort = (answer: PostAnswer & { kind: 'answered' }): Delivery => {
  const { status, retry_after_ms, body } = answer
  const id = fieldOf(body, 'id')
  const sorted = sortStatus(answer, NAME)
  if (sorted.kind === 'delivered')
    return { kind: 'delivered', provider_id: typeof id === 'string' ? id : null }
  const name = fieldOf(body, 'name')
  switch (name) {
    case 'missing_api_key':
    case 'invalid_api_key':
    case 'restricted_api_key':
    case 'suspended_api_key':
    case 'invalid_from_address':
      return denied('email', name, `${NAME} does not accept this deployment (${name})`)
    case 'daily_quota_exceeded':
    case 'monthly_quota_exceeded':
      return busy(`the quota at ${NAME} is used up (${name})`, retry_after_ms ?? QUOTA_PAUSE_MS)
    case 'concurrent_idempotent_requests':
      return receiverBusy(`${NAME} is at it already (${name})`, retry_after_ms)
    // The key is this message's alone: it was taken before, when its sender had another name.
    case 'invalid_idempotent_request':
      return { kind: 'delivered', provider_id: null }
  }
  if (status === 401) return denied('email', status, `${NAME} does not accept this deployment`)
  if (sorted.kind !== 'refused') return sorted
  const known = typeof name === 'string' && /^[a-z_]{1,60}$/.test(name) ? ` (${name})` : ''
  return { ...sorted, reason: `${NAME} refused it with ${status}${known}` }
}

/** A subject is one header: no line may begin in it. */
const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return [...line].slice(0, SUBJECT_MAX_LENGTH).join('')
}
