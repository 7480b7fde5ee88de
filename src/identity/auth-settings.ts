/**
 * How people prove who they are, from the environment (SEC-1). A bad value stops the start by its
 * name; secrets are never repeated (SEC-5).
 */
import { SettingsError, type Variables } from '../lib/variables.ts'

export type AuthSettings = {
  /** For HS256; undefined where only an identity provider signs. */
  readonly secret: Uint8Array | undefined
  /** For RS256, ES256 and EdDSA; undefined where there is no identity provider. */
  readonly jwks_url: URL | undefined
  readonly issuer: string
  readonly audience: string
  /** Whether anybody may sign in as anybody: development only. */
  readonly dev_login: boolean
}

/** An HS256 key must not be weaker than the hash (RFC 7518, 3.2). */
const SECRET_MIN_BYTES = 32

const environments = ['development', 'staging', 'production']

/** @throws SettingsError */
export const readAuthSettings = (variables: Variables): AuthSettings => {
  const environment = oneOf('ENVIRONMENT', variables.ENVIRONMENT || 'production', environments)
  const secret = readSecret(variables)
  const jwks_url = readJwksUrl(variables, environment)
  if (secret === undefined && jwks_url === undefined)
    throw new SettingsError('AUTH_SECRET is not set, and neither is AUTH_JWKS_URL: one must be')

  const dev_login = oneOf('AUTH_DEV_LOGIN', variables.AUTH_DEV_LOGIN || 'false', ['true', 'false'])
  if (dev_login === 'true' && environment !== 'development')
    throw new SettingsError(`AUTH_DEV_LOGIN must be false where ENVIRONMENT is ${environment}`)
  if (dev_login === 'true' && secret === undefined)
    throw new SettingsError('AUTH_SECRET must be set where AUTH_DEV_LOGIN is true')

  return {
    secret,
    jwks_url,
    issuer: variables.AUTH_ISSUER || 'muster',
    audience: variables.AUTH_AUDIENCE || 'muster',
    dev_login: dev_login === 'true',
  }
}

const oneOf = (name: keyof Variables, value: string, allowed: readonly string[]): string => {
  if (allowed.includes(value)) return value
  throw new SettingsError(`${name} is "${value}"; it must be one of ${allowed.join(', ')}`)
}

const readSecret = ({ AUTH_SECRET }: Variables): Uint8Array | undefined => {
  if (!AUTH_SECRET) return undefined
  const secret = new TextEncoder().encode(AUTH_SECRET)
  if (secret.length >= SECRET_MIN_BYTES) return secret
  throw new SettingsError(`AUTH_SECRET is too short; it must have ${SECRET_MIN_BYTES} bytes`)
}

/** Keys fetched without TLS could be anybody's; on a developer's own machine that is accepted. */
const readJwksUrl = ({ AUTH_JWKS_URL }: Variables, environment: string): URL | undefined => {
  if (!AUTH_JWKS_URL) return undefined
  const url = URL.parse(AUTH_JWKS_URL)
  const isLocal = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1'
  const isAllowed =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && isLocal && environment === 'development')
  if (url && isAllowed) return url
  throw new SettingsError('AUTH_JWKS_URL must be an https URL')
}
