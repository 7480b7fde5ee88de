/**
 * Messages over the WhatsApp Cloud API. It knows no idempotency: what was sent and not heard of
 * again goes out once more (DISP-11, at least once).
 */
import { below } from './api-url.ts'
import type { Channel, Delivery, Parcel } from './channel.ts'
import { fieldOf, post, type PostAnswer } from './post.ts'
import { denied, silent, sortStatus } from './sort-status.ts'
import { whatsappError } from './whatsapp-errors.ts'
import type { WhatsappSettings } from './whatsapp-settings.ts'

const NAME = 'WhatsApp'

/** What it takes of a text, and of a template's whole body. */
const TEXT_MAX_LENGTH = 4_096
const PARAMETER_MAX_LENGTH = 1_000

export class Whatsapp implements Channel<Parcel> {
  readonly #settings: WhatsappSettings

  constructor(settings: WhatsappSettings) {
    this.#settings = settings
  }

  async send({ to, content }: Parcel): Promise<Delivery> {
    const { url, access_token, phone_number_id, template } = this.#settings
    const max = template ? PARAMETER_MAX_LENGTH : TEXT_MAX_LENGTH
    if ([...content].length > max)
      return { kind: 'refused', reason: `${NAME} takes at most ${max} characters` }
    const answer = await post(below(url, phone_number_id, 'messages'), {
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ messaging_product: 'whatsapp', recipient_type: 'individual', to },
        ...(template ? templated(template, content) : plain(content)),
      }),
    })
    return answer.kind === 'silent' ? silent(answer, NAME) : sort(answer)
  }
}

const plain = (body: string) => ({ type: 'text', text: { preview_url: false, body } })

/** With a template all go as one: whether somebody has written to us lately is not known here. */
const templated = (
  template: { readonly name: string; readonly language: string },
  text: string,
) => ({
  type: 'template',
  template: {
    name: template.name,
    language: { code: template.language },
    // A parameter may have neither line breaks nor wide gaps.
    components: [
      { type: 'body', parameters: [{ type: 'text', text: text.replaceAll(/\s+/g, ' ').trim() }] },
    ],
  },
})

const sort = (answer: PostAnswer & { kind: 'answered' }): Delivery => {
  const { status, body } = answer
  const sorted = sortStatus(answer, NAME)
  if (sorted.kind === 'delivered') {
    const id = fieldOf(body, 'messages', 0, 'id')
    return { kind: 'delivered', provider_id: typeof id === 'string' ? id : null }
  }
  const code = fieldOf(body, 'error', 'code')
  const known = typeof code === 'number' ? whatsappError(code, answer) : undefined
  if (known) return known
  return status === 401
    ? denied('whatsapp', status, `${NAME} does not accept this deployment`)
    : sorted
}
