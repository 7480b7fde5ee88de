/**
 * Session tokens: JWTs, checked for signature, algorithm, issuer, audience and expiry (SEC-1).
 * Which person a token names is decided here and nowhere else; the room's sockets renew with the
 * same check (CONN-8).
 */
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import type { JWTPayload, JWTVerifyOptions, RemoteJWKSet } from 'jose'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import type { Variables } from '../lib/variables.ts'
import { refusal } from '../protocol/errors.ts'
import { DISPLAY_NAME_MAX_LENGTH } from '../protocol/limits.ts'
import { text, UserId } from '../protocol/scalars.ts'
import { readAuthSettings, type AuthSettings } from './auth-settings.ts'
import { recallVerified, rememberVerified } from './verified-tokens.ts'

/** Who somebody is, as their token says. */
export type Identity = {
  readonly user_id: string
  /** Where the token carries one. */
  readonly display_name: string | undefined
  /** Milliseconds since the epoch. */
  readonly expires_at: number
}

/** A session of the development sign-in lasts a working day. */
const SESSION_LIFETIME_S = 12 * 3_600

/** A provider that does not answer must not hold the request for longer. */
const JWKS_TIMEOUT_MS = 5_000

/** Keys that only the provider has. HS256 is not among them, whatever a token's header says. */
const providerAlgorithms = ['RS256', 'ES256', 'EdDSA', 'Ed25519']

const DisplayName = text(1, DISPLAY_NAME_MAX_LENGTH)

/** `unauthenticated` for a bad token; `unavailable` where the provider's keys cannot be had. */
export const verifyToken = async (
  variables: Variables,
  token: string,
): Promise<Outcome<Identity>> => {
  const checked_at = Date.now()
  const known = recallVerified(variables, token, checked_at)
  if (known) return success(known)
  const settings = readAuthSettings(variables)
  try {
    const payload = await verifiedPayload(settings, token)
    if (payload === undefined) return invalid('its algorithm is not accepted')
    const identity = identityOf(payload)
    if (identity.ok) rememberVerified(variables, token, { identity: identity.value, checked_at })
    return identity
  } catch (error) {
    return whyNot(error)
  }
}

/** A token for the development sign-in, signed with AUTH_SECRET. */
export const signToken = async (
  variables: Variables,
  person: { readonly user_id: string; readonly display_name: string },
  now: number,
): Promise<{ readonly token: string; readonly expires_at: number }> => {
  const settings = readAuthSettings(variables)
  if (settings.secret === undefined) throw new Error('there is no AUTH_SECRET to sign with')
  const issued_at_s = Math.floor(now / 1_000)
  const expires_at_s = issued_at_s + SESSION_LIFETIME_S
  const token = await new SignJWT({ name: person.display_name })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(person.user_id)
    .setIssuer(settings.issuer)
    .setAudience(settings.audience)
    .setIssuedAt(issued_at_s)
    .setExpirationTime(expires_at_s)
    .sign(settings.secret)
  return { token, expires_at: expires_at_s * 1_000 }
}

/** Each kind of key has its own list of algorithms, so that none is used as the other. */
const verifiedPayload = async (
  settings: AuthSettings,
  token: string,
): Promise<JWTPayload | undefined> => {
  const { alg } = decodeProtectedHeader(token)
  const options: JWTVerifyOptions = {
    issuer: settings.issuer,
    audience: settings.audience,
    requiredClaims: ['sub', 'exp'],
  }
  if (alg === 'HS256' && settings.secret !== undefined) {
    const { payload } = await jwtVerify(token, settings.secret, {
      ...options,
      algorithms: ['HS256'],
    })
    return payload
  }
  if (alg !== undefined && providerAlgorithms.includes(alg) && settings.jwks_url !== undefined) {
    const { payload } = await jwtVerify(token, providerKeys(settings.jwks_url), {
      ...options,
      algorithms: providerAlgorithms,
    })
    return payload
  }
  return undefined
}

const identityOf = (payload: JWTPayload): Outcome<Identity> => {
  const { sub, exp, name } = payload
  const user_id = UserId.safeParse(sub)
  if (!user_id.success || exp === undefined) return invalid('its subject is not a user id')
  const display_name = DisplayName.safeParse(name)
  return success({
    user_id: user_id.data,
    display_name: display_name.success ? display_name.data : undefined,
    expires_at: exp * 1_000,
  })
}

const whyNot = (error: unknown): Outcome<never> => {
  if (error instanceof errors.JWTExpired) return invalid('it has expired')
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`its ${error.claim} is wrong`)
  const isTheTokensFault =
    error instanceof errors.JOSEError &&
    error.code !== 'ERR_JOSE_GENERIC' &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid)
  // jose throws a TypeError for a header that is no header at all.
  if (isTheTokensFault || (error instanceof TypeError && /token|header/i.test(error.message)))
    return invalid('it was not signed for here')
  return failure(refusal('unavailable', 'the identity provider does not answer', 1_000))
}

const invalid = (why: string): Outcome<never> =>
  failure(refusal('unauthenticated', `the token is not valid: ${why}`))

/** The provider's keys, fetched once per isolate and again when an unknown key id appears. */
const providers = new Map<string, RemoteJWKSet>()

const providerKeys = (url: URL): RemoteJWKSet => {
  const known = providers.get(url.href)
  if (known !== undefined) return known
  const keys = createRemoteJWKSet(url, { timeoutDuration: JWKS_TIMEOUT_MS })
  providers.set(url.href, keys)
  return keys
}
