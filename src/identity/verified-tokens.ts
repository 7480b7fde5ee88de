/**
 * Tokens that were verified a moment ago (SEC-1): what posts in bursts carries the same one each
 * time, and its signature is as good as before. Only until it expires, and never for long: a
 * provider may withdraw a key. A token that was refused is checked anew each time.
 */
import type { Variables } from '../lib/variables.ts'
import type { Identity } from './tokens.ts'

/** A token has some hundred bytes: 2 MB at most. The one that is here longest goes first. */
const TOKENS_MAX_COUNT = 4_000

/** As long as the keys of a provider may be remembered by others. */
const VERIFIED_MAX_AGE_MS = 60_000

type Verified = { readonly identity: Identity; readonly checked_at: number }

/** By settings: what one deployment accepts another need not. */
const verified = new WeakMap<Variables, Map<string, Verified>>()

export const recallVerified = (
  variables: Variables,
  token: string,
  now: number,
): Identity | undefined => {
  const known = verified.get(variables)?.get(token)
  if (!known) return undefined
  const { identity, checked_at } = known
  const isGood = now < identity.expires_at && now - checked_at < VERIFIED_MAX_AGE_MS
  if (!isGood) verified.get(variables)?.delete(token)
  return isGood ? identity : undefined
}

export const rememberVerified = (
  variables: Variables,
  token: string,
  { identity, checked_at }: Verified,
): void => {
  const tokens = verified.get(variables) ?? new Map<string, Verified>()
  verified.set(variables, tokens)
  const [oldest] = tokens.keys()
  if (tokens.size >= TOKENS_MAX_COUNT && oldest !== undefined) tokens.delete(oldest)
  tokens.set(token, { identity, checked_at })
}
