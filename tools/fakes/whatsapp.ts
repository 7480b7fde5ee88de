/** Messages as the WhatsApp Cloud API takes them: POST /v23.0/{phone_number_id}/messages. */
import { randomBytes } from 'node:crypto'
import { fakeAccount } from './behaviour.ts'
import { objectOf, type FakeAnswer, type FakeRequest } from './request.ts'

const TEXT_MAX_LENGTH = 4_096

export function answerWhatsapp({ method, path, headers, body }: FakeRequest): FakeAnswer {
  const [, number] = /^\/v\d+\.\d\/([^/]+)\/messages$/.exec(path) ?? []
  if (number === undefined || method !== 'POST')
    return whatsappError(400, 2500, `Unknown path components: ${path}`)
  if (headers.authorization !== `Bearer ${fakeAccount.whatsapp_access_token}`)
    return whatsappError(401, 190, 'Invalid OAuth access token - Cannot parse access token')
  if (number !== fakeAccount.whatsapp_phone_number_id)
    return whatsappError(400, 100, `Unsupported post request. Object with ID '${number}' …`)
  const message = objectOf(body)
  const text = textOf(message)
  if (message['messaging_product'] !== 'whatsapp')
    return whatsappError(400, 100, '(#100) The parameter messaging_product is required.')
  if (text === undefined) return whatsappError(400, 131051, '(#131051) Unsupported message type')
  if (text === '') return whatsappError(400, 131008, '(#131008) Required parameter is missing')
  if (text.length > TEXT_MAX_LENGTH)
    return whatsappError(
      400,
      100,
      `(#100) Param text['body'] must be at most 4096 characters long.`,
    )
  const to = String(message['to'] ?? '')
  if (!/^\+?[1-9]\d{6,14}$/.test(to))
    return whatsappError(400, 131009, '(#131009) Parameter value is not valid')
  return taken(to, text)
}

/** In the form of the Graph API; its `type` says less than its code. */
export function whatsappError(status: number, code: number, message: string): FakeAnswer {
  const error_data = { messaging_product: 'whatsapp', details: message }
  const fbtrace_id = randomBytes(12).toString('base64url')
  const error = { message, type: 'OAuthException', code, error_data, error_subcode: 0, fbtrace_id }
  return { status, body: { error } }
}

function textOf(message: Readonly<Record<string, unknown>>): string | undefined {
  switch (message['type']) {
    case 'text':
      return String((message['text'] as { body?: string } | undefined)?.body ?? '')
    case 'template': {
      type Template = { components?: { parameters?: { text?: string }[] }[] }
      const template = message['template'] as Template | undefined
      return String(template?.components?.[0]?.parameters?.[0]?.text ?? '')
    }
    default:
      return undefined
  }
}

function taken(to: string, text: string): FakeAnswer {
  const wa_id = to.replace('+', '')
  const id = `wamid.${randomBytes(24).toString('base64')}`
  return {
    status: 200,
    body: {
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id }],
      messages: [{ id }],
    },
    arrival: {
      ...{ service: 'whatsapp', id, key: null, at: new Date().toISOString() },
      ...{ to, subject: null, text },
    },
  }
}
