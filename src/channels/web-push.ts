/**
 * Sends pushes to the services of browser makers (RFC 8030), encrypted so that only the browser
 * reads them (RFC 8291). Nothing here throws, and a service that hangs or fails costs a bounded
 * time: after a few failures in a row it is left alone for a while (LIM-3).
 */
import { encryptNotification } from '@block65/webcrypto-web-push'
import { bulkhead, circuitBreaker, ConsecutiveBreaker, handleWhenResult } from 'cockatiel'
import type { PushPayload } from '../protocol/push.ts'
import { pushEndpoint } from './push-endpoint.ts'
import type { PushSettings } from './push-settings.ts'
import { retryAfterMs } from './retry-after.ts'
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

export type PushOutcome =
  | { readonly kind: 'delivered' }
  /** The browser is there no more. */
  | { readonly kind: 'gone' }
  /** The same again would be refused again. Without a status: we did not ask. */
  | { readonly kind: 'refused'; readonly status: number | undefined }
  /** The service is busy or away. */
  | { readonly kind: 'later'; readonly retry_after_ms: number | undefined }

/** A phone that wakes later finds the room itself. */
const TTL_S = 4 * 3_600

/** A push service answers in tens of milliseconds, or not at all. */
const TIMEOUT_MS = 10_000

/** An object may wait for six answers at once; one service alone does not get all of them. */
const AT_ONCE_MAX_COUNT = 6
const AT_ONCE_PER_HOST_MAX_COUNT = 4

/** Who failed so often in a row is left alone for so long, then asked once. */
const FAILURES_MAX_COUNT = 5
const REST_MS = 30_000

export class WebPush {
  readonly #settings: PushSettings
  readonly #vapid: Vapid
  readonly #lane = bulkhead(AT_ONCE_MAX_COUNT, Infinity)
  /** By host. */
  readonly #hosts = new Map<string, Host>()

  constructor(settings: PushSettings) {
    this.#settings = settings
    this.#vapid = new Vapid(settings)
  }

  async send(target: PushTarget, note: PushNote): Promise<PushOutcome> {
    const endpoint = pushEndpoint(this.#settings, target.endpoint)
    // The settings have changed since it was registered.
    if (!endpoint) return { kind: 'refused', status: undefined }
    const { lane, breaker } = this.#hostOf(endpoint)
    return lane.execute(() =>
      this.#lane.execute(async () => {
        const authorization = await this.#vapid.authorization(endpoint, Date.now())
        const body = await encrypted(target, note.payload)
        if (!authorization || !body) return { kind: 'refused', status: undefined }
        try {
          return await breaker.execute(() => this.#post(endpoint, note, { authorization, body }))
        } catch {
          return { kind: 'later', retry_after_ms: REST_MS }
        }
      }),
    )
  }

  async #post(
    endpoint: URL,
    { payload, topic }: PushNote,
    { authorization, body }: { authorization: string; body: Uint8Array<ArrayBuffer> },
  ): Promise<PushOutcome> {
    const patience = new AbortController()
    // Cleared below: AbortSignal.timeout would keep the object from sleeping until it is over.
    const timer = setTimeout(() => patience.abort(), TIMEOUT_MS)
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          authorization,
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
          ttl: String(TTL_S),
          urgency: payload.type === 'mention' ? 'high' : 'normal',
          topic,
        },
        body,
        // Elsewhere is not where we agreed to send.
        redirect: 'manual',
        signal: patience.signal,
      })
      await response.body?.cancel()
      return outcomeOf(response, Date.now())
    } catch {
      return { kind: 'later', retry_after_ms: undefined }
    } finally {
      clearTimeout(timer)
    }
  }

  #hostOf({ host }: URL): Host {
    const known = this.#hosts.get(host)
    if (known) return known
    if (this.#hosts.size >= HOSTS_MAX_COUNT) this.#hosts.clear()
    const made = { lane: bulkhead(AT_ONCE_PER_HOST_MAX_COUNT, Infinity), breaker: newBreaker() }
    this.#hosts.set(host, made)
    return made
  }
}

type Host = {
  readonly lane: ReturnType<typeof bulkhead>
  readonly breaker: ReturnType<typeof newBreaker>
}

/** Microsoft and Mozilla have a few dozen hosts each. */
const HOSTS_MAX_COUNT = 200

/** A service that says when to come again works; one that fails without a word may not. */
const newBreaker = () =>
  circuitBreaker(
    handleWhenResult((result) => {
      const outcome = result as PushOutcome
      return outcome.kind === 'later' && outcome.retry_after_ms === undefined
    }),
    { halfOpenAfter: REST_MS, breaker: new ConsecutiveBreaker(FAILURES_MAX_COUNT) },
  )

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

const outcomeOf = ({ ok, status, headers }: Response, now: number): PushOutcome => {
  if (ok) return { kind: 'delivered' }
  if (status === 404 || status === 410) return { kind: 'gone' }
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'later', retry_after_ms: retryAfterMs(headers.get('retry-after'), now) }
  return { kind: 'refused', status }
}
