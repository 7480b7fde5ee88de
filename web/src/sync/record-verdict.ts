/**
 * What a check of the record comes to (API-9), seen by somebody who need not believe the server:
 * its answer is held against what this page was told and what this device noted before. Pure.
 */
import type { Damage, Verification } from '../../../src/protocol/proof.ts'

/** Where this page stood when it asked; the answer must reach at least as far. */
export type HeldPosition = {
  readonly last_revision: number
  readonly last_sequence: number
}

/** The head of a record as a receipt attests it. */
export type NotedHead = { readonly revision: number; readonly hash: string }

export type Suspicion =
  | { readonly kind: 'damage'; readonly damage: Damage }
  /** The record is shorter than what this page has been told. */
  | {
      readonly kind: 'behind_page'
      readonly of: 'revision' | 'message'
      readonly server: number
      readonly page: number
    }
  | { readonly kind: 'behind_receipt'; readonly server: number; readonly noted: number }
  | { readonly kind: 'other_hash'; readonly revision: number }

export type VerdictOptions = {
  readonly verification: Verification
  readonly held: HeldPosition
  /** What this device noted at its last check. */
  readonly noted: NotedHead | undefined
}

/** @returns why the record cannot be believed, or undefined */
export const suspicionOf = ({
  verification,
  held,
  noted,
}: VerdictOptions): Suspicion | undefined => {
  const { ok, first_problem, head, messages } = verification
  if (!ok && first_problem !== undefined) return { kind: 'damage', damage: first_problem }
  if (noted !== undefined && head.revision < noted.revision)
    return { kind: 'behind_receipt', server: head.revision, noted: noted.revision }
  if (noted !== undefined && head.revision === noted.revision && head.hash !== noted.hash)
    return { kind: 'other_hash', revision: noted.revision }
  if (head.revision < held.last_revision)
    return {
      kind: 'behind_page',
      of: 'revision',
      server: head.revision,
      page: held.last_revision,
    }
  if (messages < held.last_sequence)
    return { kind: 'behind_page', of: 'message', server: messages, page: held.last_sequence }
  return undefined
}

/** `muster1.<room>.<revision>.<hash>.<time>.<signature>`; undefined for any other text. */
export const notedHeadOf = (receipt: string): NotedHead | undefined => {
  const [, revision, hash] = /^muster1\.[\w-]+\.(\d{1,15})\.([0-9a-f]{64})\./.exec(receipt) ?? []
  return revision === undefined || hash === undefined
    ? undefined
    : { revision: Number(revision), hash }
}
