/** The proof of a room's record (API-9): walked here, in batches from the gateway. */
import * as z from 'zod/mini'
import type { ProofHead } from '../database/proof.ts'
import { verifyRecord, type RecordSource, type Verdict } from '../database/verify-record.ts'
import type { Attested } from '../domain/proof/chain.ts'
import { attestedBy, RECEIPT_MAX_LENGTH } from '../domain/proof/receipt.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { roomStub } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { signStatement, verifyReceipt } from '../identity/receipts.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { Verification } from '../protocol/proof.ts'
import { log } from '../telemetry/log.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { RoomParams } from './params.ts'
import { readable } from './room-access.ts'

const VerifyQuery = z.object({
  receipt: z
    .optional(z.string().check(z.maxLength(RECEIPT_MAX_LENGTH)))
    .check(z.describe('From an earlier answer: does the record still contain that revision?')),
})

type Viewing = { readonly room_id: string; readonly user_id: string }

const verify = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/verify',
  tag: 'rooms',
  summary: 'Prove that the record is whole',
  description:
    'Recomputes the hash chain and the numbering over the whole room, and holds every message, ' +
    'reaction, member and field against it. The first thing that is wrong is named. Also held ' +
    "against the room's own checkpoints, which are not in the database.",
  params: RoomParams,
  query: VerifyQuery,
  success: { status: 200, description: 'What was found', schema: Verification },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  says: { bad_request: 'receipt: is none that was given for this room' },
  handle: async ({ env, caller: { user_id }, params: { room_id }, query }) => {
    const viewing = { room_id, user_id }
    const seen: Outcome<ProofHead> = readable(
      await askDatabase(env, room_id, 'readProofHead', { ...viewing, known_revision: null }),
    )
    if (!seen.ok) return seen
    const receipts = await receiptsOf(env, room_id, query.receipt)
    if (!receipts.ok) return receipts
    // Before the rows: a checkpoint that is taken meanwhile may be of a later revision than they.
    const checkpoints = await checkpointsOf(env, room_id)
    if (!checkpoints.ok) return checkpoints
    const attested = [...checkpoints.value.attested, ...receipts.value]
    const verdict = await verifyRecord(sourceFor(env, viewing), attested)
    if (!verdict.ok) return verdict
    const checked = {
      checkpoints: checkpoints.value.attested.length,
      foreign_checkpoints: checkpoints.value.foreign,
      receipts: receipts.value.length,
    }
    return success(await answerOf(env, room_id, verdict.value, checked))
  },
})

/** Every batch is asked for as the caller, who may have been removed since the one before (SEC-2). */
const sourceFor = (env: Env, viewing: Viewing): RecordSource => {
  const { room_id } = viewing
  return {
    revisions: async (after) =>
      readable(await askDatabase(env, room_id, 'readProofRevisions', { ...viewing, after })),
    messages: async (after) =>
      readable(await askDatabase(env, room_id, 'readProofMessages', { ...viewing, after })),
  }
}

const receiptsOf = async (
  env: Env,
  room_id: string,
  text: string | undefined,
): Promise<Outcome<Attested[]>> => {
  if (text === undefined) return success([])
  const receipt = await verifyReceipt(env, room_id, text)
  return receipt
    ? success([attestedBy('a receipt', receipt)])
    : failure(refusal('bad_request', 'receipt: is none that was given for this room'))
}

/** Without them a cut end could not be seen, so where they cannot be had nothing is said. */
const checkpointsOf = async (
  env: Env,
  room_id: string,
): Promise<Outcome<{ attested: Attested[]; foreign: number }>> => {
  try {
    const texts = await roomStub(env, room_id).checkpoints()
    const ours = await Promise.all(texts.map((text) => verifyReceipt(env, room_id, text)))
    const attested = ours.flatMap((one) => (one ? [attestedBy('a checkpoint', one)] : []))
    return success({ attested, foreign: texts.length - attested.length })
  } catch {
    log.error('checkpoints_not_read', { room_id })
    return failure(refusal('unavailable', "the room's checkpoints cannot be read", 1_000))
  }
}

const answerOf = async (
  env: Env,
  room_id: string,
  { first_problem, head, messages }: Verdict,
  checked: Verification['checked'],
): Promise<Verification> => {
  const found = { messages, revisions: head.revision, head, checked }
  if (first_problem) return { ok: false, ...found, first_problem, receipt: null }
  const receipt = await signStatement(env, { room_id, ...head, at: Date.now() })
  // What was just proven is worth remembering; the next time it is asked again, so it may fail.
  await roomStub(env, room_id)
    .takeCheckpoint()
    .catch(() => log.warn('checkpoint_not_taken', { room_id }))
  return { ok: true, ...found, receipt: receipt ?? null }
}

export const verifyEndpoints: readonly Endpoint[] = [verify]
