/**
 * Sends pushes to the services of browser makers (RFC 8030), encrypted so that only the browser
 * reads them (RFC 8291).
 */
import { encryptNotification } from '@block65/webcrypto-web-push'
import type { PushPayload } from '../protocol/push.ts'
import type { Channel, Delivery } from './channel.ts'
import { pushEndpoint } from './push-endpoint.ts'
import type { PushSettings } from './push-settings.ts'
import { post } from './post.ts'
import { silent, sortStatus } from './sort-status.ts'
import { Vapid } from './vapid.ts'

export type PushTarget = {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}

export type PushNote = {
  readonly payload: PushPayload
  /** Of two that wait at the service only the newer is delivered (RFC 8030, 5.4). */
  readonly topic: string
}

export type PushMessage = { readonly target: PushTarget; readonly note: PushNote }

const NAME = 'the push service'

/** A phone that wakes later finds the room itself. */
const TTL_S = 4 * 3_600

export class WebPush implements Channel<PushMessage> {
  readonly #settings: PushSettings
  readonly #vapid: Vapid

  constructor(settings: PushSettings) {
    this.#settings = settings
    this.#vapid = new Vapid(settings)
  }

  async send({ target, note: { payload, topic } }: PushMessage): Promise<Delivery> {
    const endpoint = pushEndpoint(this.#settings, target.endpoint)
    if (!endpoint) return { kind: 'refused', reason: 'PUSH_HOSTS does not name its host any more' }
    const authorization = await this.#vapid.authorization(endpoint, Date.now())
    if (!authorization) return { kind: 'refused', reason: 'the VAPID keys are no pair' }
    const body = await encrypted(target, payload)
    if (!body) return { kind: 'refused', reason: 'the keys of the browser are none' }
    const answer = await post(endpoint, {
      headers: {
        authorization,
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(TTL_S),
        urgency: payload.type === 'mention' ? 'high' : 'normal',
        topic,
      },
      body,
    })
    return answer.kind === 'silent' ? silent(answer, NAME) : sort(answer)
  }
}

/** Undefined where the browser's keys are none: nobody could read it. */
const encrypted = async (
  { endpoint, p256dh, auth }: PushTarget,
  payload: PushPayload,
): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload))
  try {
    const subscription = { endpoint, expirationTime: null, keys: { p256dh, auth } }
    return new Uint8Array(await encryptNotification(subscription, bytes))
  } catch {
    return undefined
  }
}

const sort = (answer: { readonly status: number; readonly retry_after_ms: number | undefined }) => {
  const { status } = answer
  const isGone = status === 404 || status === 410
  const gone: Delivery = { kind: 'refused', reason: 'the browser is gone', status, gone: true }
  return isGone ? gone : sortStatus(answer, NAME)
}
