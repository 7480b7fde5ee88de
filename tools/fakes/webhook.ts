/** A sender's own server: hears what became of their messages, and checks who says so. */
import { Webhook } from 'standardwebhooks'
import { objectOf, type FakeAnswer, type FakeRequest } from './request.ts'

/** @param secret `whsec_…`; undefined: any signature will do */
export function answerWebhook(
  { method, path, headers, body }: FakeRequest,
  heard: Set<string>,
  secret: string | undefined,
): FakeAnswer {
  if (method !== 'POST') return { status: 405, body: { error: 'POST only' } }
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)])
  try {
    if (secret !== undefined) new Webhook(secret).verify(body, Object.fromEntries(named))
  } catch (error) {
    return { status: 401, body: { error: (error as Error).message } }
  }
  const key = String(headers['webhook-id'] ?? '')
  // It has heard this one.
  if (heard.has(key)) return { status: 200, body: {} }
  heard.add(key)
  return {
    status: 200,
    body: {},
    arrival: {
      ...{ service: 'webhook', id: key, key, at: new Date().toISOString() },
      ...{ to: path, subject: null, text: JSON.stringify(objectOf(body), null, 2) },
      is_signed: secret !== undefined,
    },
  }
}
