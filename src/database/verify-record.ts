/**
 * Walks a whole record through the proof, batch after batch, wherever the batches come from: the
 * gateway in the Worker, a session of its own in the command line. Hashes are made here, from the
 * canonical texts, with the WebCrypto that both have.
 */
import { RecordProof } from '../domain/proof/record-proof.ts'
import type { Attested } from '../domain/proof/chain.ts'
import type { RevisionRow } from '../domain/proof/rows.ts'
import { fromHex, toHex } from '../lib/hex.ts'
import { success, type Outcome } from '../lib/outcome.ts'
import type { Damage, Head } from '../protocol/proof.ts'
import type { MessageBatch, RevisionBatch } from './proof.ts'

/** One batch after the number given; null: from the first. */
export type RecordSource = {
  revisions(after: number | null): Promise<Outcome<RevisionBatch>>
  messages(after: number | null): Promise<Outcome<MessageBatch>>
}

export type Verdict = {
  readonly first_problem: Damage | undefined
  /** The last good revision. */
  readonly head: Head
  /** How many messages were found good. */
  readonly messages: number
}

/** A refusal is the source's: then nothing is known of the record. */
export const verifyRecord = async (
  source: RecordSource,
  attested: readonly Attested[],
): Promise<Outcome<Verdict>> => {
  const proof = new RecordProof(attested)
  for (const walk of [walkRevisions, walkMessages]) {
    const walked = await walk(source, proof)
    if (!walked.ok) return walked
    if (walked.value) return success(verdictOf(proof, walked.value))
  }
  return success(verdictOf(proof, undefined))
}

type Walk = (source: RecordSource, proof: RecordProof) => Promise<Outcome<Damage | undefined>>

const walkRevisions: Walk = async (source, proof) => {
  let after: number | null = null
  for (;;) {
    const batch: Outcome<RevisionBatch> = await source.revisions(after)
    if (!batch.ok) return batch
    const { revisions, room, members } = batch.value
    const hashes = await Promise.all(revisions.map(hashOf))
    for (const [index, row] of revisions.entries()) {
      const damage = proof.revision(row, hashes[index] ?? '')
      if (damage) return success(damage)
      after = row.revision
    }
    if (members) return success(proof.room(room, members))
  }
}

const walkMessages: Walk = async (source, proof) => {
  let after: number | null = null
  for (;;) {
    const batch: Outcome<MessageBatch> = await source.messages(after)
    if (!batch.ok) return batch
    const { messages, last_sequence, is_last } = batch.value
    for (const row of messages) {
      const damage = proof.message(row, last_sequence)
      if (damage) return success(damage)
      after = row.sequence_number
    }
    if (is_last) return success(proof.end())
  }
}

const verdictOf = (proof: RecordProof, first_problem: Damage | undefined): Verdict => ({
  first_problem,
  head: proof.head,
  messages: proof.messages,
})

/** SHA-256 over the previous hash and the canonical text, in hexadecimal. */
const hashOf = async ({ previous_hash, canonical }: RevisionRow): Promise<string> => {
  const previous = fromHex(previous_hash)
  const text = new TextEncoder().encode(canonical)
  const bytes = new Uint8Array(previous.length + text.length)
  bytes.set(previous)
  bytes.set(text, previous.length)
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
