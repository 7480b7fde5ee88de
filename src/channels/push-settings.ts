/**
 * Whether and to whom Muster may push (WEB-5), from the environment. Without VAPID keys there is no
 * push. A bad value stops the start by its name; the private key is never repeated (SEC-5).
 */
import { bytesOfBase64url } from '../lib/base64url.ts'
import { integerIn, SettingsError, type Variables } from '../lib/variables.ts'
import { readHosts } from './host-list.ts'

export type PushSettings = {
  /** Base64url of an uncompressed point on P-256, and of its secret number. */
  readonly public_key: string
  readonly private_key: string
  /** Whom a push service writes to where we do harm (RFC 8292, 2.1). */
  readonly subject: string
  /** Hosts of push services; `*.` stands for one name and more. */
  readonly hosts: readonly string[]
  /** Whether a push service on this machine may go without TLS: development only. */
  readonly allows_local_http: boolean
}

const POINT_BYTES = 65
const UNCOMPRESSED = 4
const SECRET_BYTES = 32

/** Of Chrome and others; Firefox; Edge; Safari. */
const PUSH_SERVICES =
  'fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com'

/** @throws SettingsError */
export const readPushSettings = (variables: Variables): PushSettings | undefined => {
  const hosts = readHosts(variables, 'PUSH_HOSTS', PUSH_SERVICES)
  const { VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_SUBJECT } = variables
  const given = { VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_SUBJECT }
  const missing = Object.entries(given).flatMap(([name, value]) => (value ? [] : name))
  if (missing.length === Object.keys(given).length) return undefined
  if (!VAPID_PUBLIC_KEY || !VAPID_PRIVATE_KEY || !VAPID_SUBJECT)
    throw new SettingsError(`${missing.join(' and ')} must be set where the other VAPID ones are`)
  const point = bytesOfBase64url(VAPID_PUBLIC_KEY)
  if (point?.length !== POINT_BYTES || point[0] !== UNCOMPRESSED)
    throw new SettingsError(
      'VAPID_PUBLIC_KEY must be base64url of an uncompressed point on P-256 (65 bytes)',
    )
  if (bytesOfBase64url(VAPID_PRIVATE_KEY)?.length !== SECRET_BYTES)
    throw new SettingsError('VAPID_PRIVATE_KEY must be base64url of 32 bytes')
  if (!/^mailto:[^@\s]+@[^@\s]+$/.test(VAPID_SUBJECT) && !isHttps(VAPID_SUBJECT))
    throw new SettingsError('VAPID_SUBJECT must be a mailto: or an https: address')
  return {
    public_key: VAPID_PUBLIC_KEY,
    private_key: VAPID_PRIVATE_KEY,
    subject: VAPID_SUBJECT,
    hosts,
    allows_local_http: variables.ENVIRONMENT === 'development',
  }
}

/**
 * Over so many objects the rooms are spread for pushing.
 * @throws SettingsError
 */
export const readPushShards = (variables: Variables): number =>
  integerIn(variables, 'PUSH_SHARDS', { or: 4, min: 1, max: 256 })

const isHttps = (text: string): boolean => URL.parse(text)?.protocol === 'https:'
