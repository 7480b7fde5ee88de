/** E-mail as Resend takes it: POST /emails (https://resend.com/docs/api-reference). */
import { createHash, randomUUID } from 'node:crypto'
import { fakeAccount, type Arrival } from './behaviour.ts'
import { objectOf, type FakeAnswer, type FakeRequest } from './request.ts'

const ADDRESS = /^([^<>]+ <)?[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>?$/

/** What it has sent, by idempotency key, and a hash of what was asked for. */
export type Sent = Map<string, { readonly id: string; readonly hash: string }>

export function answerEmail(request: FakeRequest, sent: Sent): FakeAnswer {
  const { method, path, headers, body } = request
  if (path !== '/emails')
    return emailError(404, 'not_found', 'The requested endpoint does not exist.')
  if (method !== 'POST')
    return emailError(405, 'method_not_allowed', 'Method is not allowed for the requested path.')
  const [, key] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
  if (key === undefined)
    return emailError(401, 'missing_api_key', 'Missing API key in the authorization header.')
  if (key !== fakeAccount.email_api_key)
    return emailError(403, 'invalid_api_key', 'API key is invalid.')
  const wrong = wrongWith(objectOf(body))
  if (wrong !== undefined) return wrong
  return taken(request, sent)
}

export function emailError(statusCode: number, name: string, message: string): FakeAnswer {
  return { status: statusCode, body: { statusCode, name, message } }
}

function wrongWith({ from, to, subject, text }: Readonly<Record<string, unknown>>) {
  for (const [name, value] of Object.entries({ from, to, subject, text }))
    if (value === undefined || value === '')
      return emailError(422, 'missing_required_field', `Missing \`${name}\` field.`)
  const format = 'The email address needs to follow the `email@example.com` format.'
  if (typeof from !== 'string' || !ADDRESS.test(from))
    return emailError(422, 'invalid_from_address', `Invalid \`from\` field. ${format}`)
  const all: unknown[] = Array.isArray(to) ? to : [to]
  if (all.length === 0 || all.length > 50)
    return emailError(422, 'validation_error', 'Invalid `to` field. 1 to 50 addresses.')
  if (!all.every((one) => typeof one === 'string' && ADDRESS.test(one)))
    return emailError(422, 'validation_error', `Invalid \`to\` field. ${format}`)
  if (typeof subject !== 'string' || /[\r\n]/.test(subject))
    return emailError(422, 'validation_error', 'The `\\n` is not allowed in the `subject` field.')
  return undefined
}

function taken({ headers, body }: FakeRequest, sent: Sent): FakeAnswer {
  const key = headers['idempotency-key'] as string | undefined
  if (key !== undefined && (key === '' || key.length > 256))
    return emailError(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.')
  const hash = createHash('sha256').update(body).digest('hex')
  const before = key === undefined ? undefined : sent.get(key)
  if (before && before.hash !== hash)
    return emailError(
      409,
      'invalid_idempotent_request',
      'Same idempotency key used with a different request payload.',
    )
  if (before) return { status: 200, body: { id: before.id } }
  const id = randomUUID()
  if (key !== undefined) sent.set(key, { id, hash })
  const { to, subject, text } = objectOf(body)
  const arrival: Arrival = {
    ...{ service: 'email', id, key: key ?? null, at: new Date().toISOString() },
    ...{ to: String(to), subject: String(subject), text: String(text), hash },
  }
  return { status: 200, body: { id }, arrival }
}
