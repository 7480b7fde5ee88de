/**
 * A receipt: the head of a record as one compact text that anybody can keep. Later it proves that
 * the record still contains that revision with that hash. Signing it is left to `identity`.
 */
import type { Attested } from './chain.ts'
import { instantText } from './instant.ts'

/** `muster1.<room>.<revision>.<hash>.<time in ms>.<signature>` */
const pattern = /^(muster1\.([0-9a-f-]{36})\.(\d{1,15})\.([0-9a-f]{64})\.(\d{1,15}))\.([\w-]{43})$/

/** Longer than any receipt. */
export const RECEIPT_MAX_LENGTH = 256

export type Statement = {
  readonly room_id: string
  readonly revision: number
  readonly hash: string
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number
}

export type Receipt = Statement & {
  /** What is signed, and the signature in base64url. */
  readonly signed: string
  readonly signature: string
}

export const statementText = ({ room_id, revision, hash, at }: Statement): string =>
  `muster1.${room_id}.${revision}.${hash}.${at}`

/** Undefined where the text is no receipt. Says nothing about its signature. */
export const parseReceipt = (text: string): Receipt | undefined => {
  const [, signed, room_id, revision, hash, at, signature] = pattern.exec(text) ?? []
  if (signed === undefined || room_id === undefined || hash === undefined) return undefined
  if (signature === undefined) return undefined
  return { room_id, revision: Number(revision), hash, at: Number(at), signed, signature }
}

/** @param source "a checkpoint" or "a receipt" */
export const attestedBy = (source: string, { revision, hash, at }: Statement): Attested => ({
  revision,
  hash,
  by: `${source} of ${instantText(at)}`,
})
