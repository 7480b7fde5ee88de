/**
 * Signs where a record stands, and recognises what it signed (API-9). HMAC-SHA-256 with a key of
 * its own, derived from PROOF_SECRET or, without one, from AUTH_SECRET: a receipt is never a token.
 */
import {
  parseReceipt,
  statementText,
  type Receipt,
  type Statement,
} from '../domain/proof/receipt.ts'
import { base64urlOf, bytesOfBase64url } from '../lib/base64url.ts'
import { SettingsError, type Variables } from '../lib/variables.ts'

/** What the key is for; another purpose would get another key from the same secret. */
const PURPOSE = 'muster proof of record 1'

/** An HMAC key must not be weaker than the hash. */
const SECRET_MIN_BYTES = 32

const algorithm = { name: 'HMAC', hash: 'SHA-256' } as const

/** Undefined where there is no secret to sign with: only an identity provider signs tokens. */
export const signStatement = async (
  variables: Variables,
  statement: Statement,
): Promise<string | undefined> => {
  const key = await keyOf(variables)
  if (!key) return undefined
  const signed = statementText(statement)
  const signature = await crypto.subtle.sign(algorithm, key, bytesOf(signed))
  return `${signed}.${base64urlOf(new Uint8Array(signature))}`
}

/** The receipt, where it is one of this room and this deployment signed it. */
export const verifyReceipt = async (
  variables: Variables,
  room_id: string,
  text: string,
): Promise<Receipt | undefined> => {
  const receipt = parseReceipt(text)
  const key = await keyOf(variables)
  if (!receipt || !key || receipt.room_id !== room_id) return undefined
  const signature = bytesOfBase64url(receipt.signature)
  if (!signature) return undefined
  const isOurs = await crypto.subtle.verify(algorithm, key, signature, bytesOf(receipt.signed))
  return isOurs ? receipt : undefined
}

/** @throws SettingsError */
export const readProofSecret = ({ PROOF_SECRET, AUTH_SECRET }: Variables): string | undefined => {
  if (PROOF_SECRET && bytesOf(PROOF_SECRET).length < SECRET_MIN_BYTES)
    throw new SettingsError(`PROOF_SECRET is too short; it must have ${SECRET_MIN_BYTES} bytes`)
  return PROOF_SECRET || AUTH_SECRET || undefined
}

const keyOf = async (variables: Variables) => {
  const secret = readProofSecret(variables)
  if (secret === undefined) return undefined
  const root = await crypto.subtle.importKey('raw', bytesOf(secret), algorithm, false, ['sign'])
  const derived = await crypto.subtle.sign(algorithm, root, bytesOf(PURPOSE))
  return crypto.subtle.importKey('raw', derived, algorithm, false, ['sign', 'verify'])
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
