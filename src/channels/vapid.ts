/** Says to a push service who we are (RFC 8292): a token per service, used for hours. */
import { SignJWT } from 'jose'
import { base64urlOf, bytesOfBase64url } from '../lib/base64url.ts'
import { log } from '../telemetry/log.ts'
import type { PushSettings } from './push-settings.ts'

/** At most a day; clocks differ. */
const LIFETIME_MS = 12 * 3_600_000

/** One that ends sooner is not used any more: a push may wait on its way. */
const RESERVE_MS = 3_600_000

/** More push services than there are. */
const KEPT_MAX_COUNT = 100

type Token = { readonly text: string; readonly expires_at: number }

export class Vapid {
  readonly #settings: PushSettings
  readonly #tokens = new Map<string, Token>()
  #key: Promise<CryptoKey> | undefined

  constructor(settings: PushSettings) {
    this.#settings = settings
  }

  /**
   * The `authorization` header; undefined where the two keys do not belong together.
   * @param now in ms since the epoch
   */
  async authorization(endpoint: URL, now: number): Promise<string | undefined> {
    const { public_key } = this.#settings
    const known = this.#tokens.get(endpoint.origin)
    const isGood = known !== undefined && known.expires_at - now > RESERVE_MS
    try {
      const { text } = isGood ? known : await this.#sign(endpoint.origin, now)
      return `vapid t=${text}, k=${public_key}`
    } catch {
      log.error('vapid_keys_differ')
      return undefined
    }
  }

  async #sign(origin: string, now: number): Promise<Token> {
    const expires_at = now + LIFETIME_MS
    this.#key ??= importKey(this.#settings)
    const text = await new SignJWT()
      .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
      .setAudience(origin)
      .setSubject(this.#settings.subject)
      .setExpirationTime(Math.floor(expires_at / 1_000))
      .sign(await this.#key)
    const token = { text, expires_at }
    if (this.#tokens.size >= KEPT_MAX_COUNT) this.#tokens.clear()
    this.#tokens.set(origin, token)
    return token
  }
}

const importKey = ({ public_key, private_key }: PushSettings): Promise<CryptoKey> => {
  const point = bytesOfBase64url(public_key) ?? new Uint8Array()
  const [x, y] = [base64urlOf(point.subarray(1, 33)), base64urlOf(point.subarray(33))]
  const key = { kty: 'EC', crv: 'P-256', x, y, d: private_key.replace(/=+$/, '') }
  return crypto.subtle.importKey('jwk', key, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ])
}
