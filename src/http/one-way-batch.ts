/**
 * Many one-way messages in one request (DISP-1). The body is read line by line and never held whole;
 * every line is accepted or refused, and the answer says of each which.
 */
import { dispatchLayout } from '../durable/dispatch-layout.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import {
  ONE_WAY_ARRAY_MAX_BYTES,
  ONE_WAY_BATCH_MAX_BYTES,
  ONE_WAY_BATCH_MAX_COUNT,
  REFUSED_LINES_MAX_COUNT,
} from '../protocol/limits.ts'
import { AcceptedBatch } from '../protocol/one-way.ts'
import { countRefusal } from '../telemetry/refusals.ts'
import { declaredBytes } from './body-chunks.ts'
import { components } from './openapi-components.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { isPressure, Lanes } from './one-way-lanes.ts'
import { paidHandOver } from './paid-hand-over.ts'
import { batchArray, batchLines, type BatchPiece } from './one-way-lines.ts'

const examples = [components.OneWayMessage.example, components.OneWayMessage.more.email]

const post = endpoint({
  method: 'post',
  path: '/api/messages/one-way/batch',
  tag: 'one-way messages',
  summary: 'Post many messages',
  description:
    `One per line, up to ${ONE_WAY_BATCH_MAX_COUNT} and ${ONE_WAY_BATCH_MAX_BYTES} bytes, taken ` +
    `as they come; or as an array of up to ${ONE_WAY_ARRAY_MAX_BYTES} bytes. A bad line is ` +
    'refused by its number and does not take others with it. Where only a part was accepted the ' +
    'answer names the lines that were not, and after how long to send them again; where nothing ' +
    'was, for want of room, it is 429 or 503. Messages to one recipient keep their order within ' +
    'a priority.',
  requestContent: {
    'application/x-ndjson': {
      schema: { type: 'string', description: 'One message per line.' },
      examples: { batch: { value: examples.map((one) => JSON.stringify(one)).join('\n') } },
    },
    'application/json': {
      schema: { type: 'array', items: { $ref: '#/components/schemas/OneWayMessage' } },
      examples: { batch: { value: examples } },
    },
  },
  is_paid: true,
  success: { status: 202, description: 'What became of each line', schema: AcceptedBatch },
  refuses: ['bad_request', 'too_large', 'rate_limited'],
  says: {
    bad_request: 'the batch has no message',
    too_large: `a batch may have ${ONE_WAY_BATCH_MAX_BYTES} bytes`,
  },
  handle: async ({ context, env, caller: { user_id } }) => {
    const pieces = await piecesOf(context.req.raw)
    if (!pieces.ok) return pieces
    const tally = new Tally()
    const lanes = new Lanes({
      sender_id: user_id,
      lanes: await laneCount(env),
      handOver: (messages) => paidHandOver(context, user_id, messages),
      onHanded: (line, handed) => {
        if (handed.ok) return tally.accepted(line, handed.tracking_id)
        countRefusal('one_way', handed.refusal.code)
        tally.refused(line, handed.refusal)
      },
    })
    for await (const piece of pieces.value) await take(piece, tally, lanes)
    await lanes.finish()
    return tally.answer()
  },
})

type Pieces = AsyncIterable<BatchPiece> | Iterable<BatchPiece>

const piecesOf = async (request: Request): Promise<Outcome<Pieces>> => {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return batchArray(request)
  if (type !== 'application/x-ndjson')
    return failure(
      refusal('bad_request', 'the content-type must be application/x-ndjson or application/json'),
    )
  if ((declaredBytes(request) ?? 0) > ONE_WAY_BATCH_MAX_BYTES)
    return failure(refusal('too_large', `a batch may have ${ONE_WAY_BATCH_MAX_BYTES} bytes`))
  return success(batchLines(request))
}

/** Any number keeps the order; the layout's own spares a chunk from being split. */
const laneCount = async (env: Parameters<typeof dispatchLayout>[0]): Promise<number> => {
  try {
    return (await dispatchLayout(env)).shards
  } catch {
    return 1
  }
}

const take = async (piece: BatchPiece, tally: Tally, lanes: Lanes): Promise<void> => {
  switch (piece.kind) {
    case 'message':
      if (tally.begin(piece.line)) await lanes.add(piece)
      return
    case 'refused':
      if (tally.begin(piece.line)) tally.refused(piece.line, piece.refusal)
      return
    case 'pause':
      return lanes.flush()
    case 'cut':
      if (tally.begin(piece.line)) tally.refused(piece.line, piece.refusal)
      return
  }
}

const tooMany = refusal('too_large', `a batch may have ${ONE_WAY_BATCH_MAX_COUNT} messages`)

/** What became of each line, in the order of the lines, whenever it becomes known. */
class Tally {
  readonly #places = new Map<number, number>()
  readonly #results: (string | Refusal | null)[] = []
  /** Lines beyond those that a batch may have are counted, not listed. */
  #beyond: { readonly line: number; count: number } | undefined

  /** False where the batch has had as many as it may have. */
  begin(line: number): boolean {
    if (this.#results.length < ONE_WAY_BATCH_MAX_COUNT) {
      this.#places.set(line, this.#results.length)
      this.#results.push(null)
      return true
    }
    this.#beyond ??= { line, count: 0 }
    this.#beyond.count += 1
    return false
  }

  accepted(line: number, tracking_id: string): void {
    this.#results[this.#places.get(line) ?? 0] = tracking_id
  }

  refused(line: number, why: Refusal): void {
    this.#results[this.#places.get(line) ?? 0] = why
  }

  answer(): Outcome<AcceptedBatch> {
    const tracking_ids = this.#results.map((result) => (typeof result === 'string' ? result : null))
    const refusals = [...this.#places].flatMap(([line, place]) => {
      const result = this.#results[place]
      return typeof result === 'string' ? [] : [{ line, why: result ?? unknown }]
    })
    if (this.#beyond) refusals.push({ line: this.#beyond.line, why: tooMany })
    const accepted = tracking_ids.filter((id) => id !== null).length
    const rejected = tracking_ids.length - accepted + (this.#beyond?.count ?? 0)
    if (accepted + rejected === 0)
      return failure(refusal('bad_request', 'the batch has no message'))
    const pressure = refusals.map(({ why }) => why).filter(isPressure)
    const retry_after_ms = pressure.reduce(
      (longest, why) => Math.max(longest, why.retry_after_ms ?? 1_000),
      0,
    )
    const [first] = pressure
    if (accepted === 0 && first) return failure({ ...first, retry_after_ms })
    return success({
      accepted,
      rejected,
      tracking_ids,
      refused: refusals
        .slice(0, REFUSED_LINES_MAX_COUNT)
        .map(({ line, why: { code, message } }) => ({ line, code, message })),
      ...(pressure.length > 0 ? { retry_after_ms } : {}),
    })
  }
}

const unknown = refusal('unavailable', 'the buffer cannot be reached', 1_000)

export const oneWayBatchEndpoints: readonly Endpoint[] = [post]
