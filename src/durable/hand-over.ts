/**
 * Hands one-way messages to the shards that keep them (DISP-1, DISP-8), and does not give up before
 * it knows of each whether it was accepted: a layout that changed is asked for again, a shard that
 * was reset is asked once more what it has.
 */
import type { AcceptAnswer, AcceptRequest, Handed } from '../domain/dispatch/buffered.ts'
import { inForce, orderKey, shardFor, type Shards } from '../domain/dispatch/layout.ts'
import type { Env } from '../env.ts'
import { refusal } from '../protocol/errors.ts'
import type { OneWayMessage } from '../protocol/one-way.ts'
import { log } from '../telemetry/log.ts'
import { dispatchLayout } from './dispatch-layout.ts'
import { dispatchStub } from './stubs.ts'

type Posted = { readonly sender_id: string; readonly messages: readonly OneWayMessage[] }

/** A second change within one call would be one within ten seconds. */
const LAYOUTS_MAX_COUNT = 3

/** A shard that was reset is there again at once; one that throws twice has another trouble. */
const REPEAT_AFTER_MS = [20, 200, 1_000]

/** @returns one per message, in order. Never throws. */
export const handOver = async (env: Env, { sender_id, messages }: Posted): Promise<Handed[]> => {
  const handed = new Map<OneWayMessage, Handed>()
  let left = messages
  let epoch_at_least = 0
  for (let attempt = 0; attempt < LAYOUTS_MAX_COUNT && left.length > 0; attempt += 1) {
    const shards = await shardsInForce(env, epoch_at_least)
    if (!shards) break
    const { epoch } = shards
    const byShard = Map.groupBy(left, ({ recipient }) =>
      shardFor(shards.shards, orderKey(sender_id, recipient)),
    )
    const answers = await Promise.all(
      [...byShard].map(async ([shard, group]) => {
        const answer = await askShard(env, shard, { sender_id, epoch, messages: group })
        return { group, answer }
      }),
    )
    left = answers.flatMap(({ group, answer }) => {
      if (answer.kind === 'moved') {
        epoch_at_least = Math.max(epoch_at_least, answer.epoch)
        return group
      }
      for (const [place, message] of group.entries())
        handed.set(message, answer.results[place] ?? unanswered)
      return []
    })
  }
  return messages.map((message) => handed.get(message) ?? unanswered)
}

const unanswered: Handed = {
  ok: false,
  refusal: refusal('unavailable', 'the buffer cannot be reached', 1_000),
}

/** Undefined where nobody can say. */
const shardsInForce = async (env: Env, epoch_at_least: number): Promise<Shards | undefined> => {
  try {
    const layout = await dispatchLayout(env, epoch_at_least)
    const shards = inForce(layout, Date.now())
    // A shard whose clock is ahead of ours has seen the change come into force.
    return shards.epoch < epoch_at_least ? layout : shards
  } catch {
    log.error('dispatch_layout_unknown')
    return undefined
  }
}

type Call = Pick<AcceptRequest, 'sender_id' | 'epoch' | 'messages'>

const askShard = async (env: Env, shard: number, call: Call): Promise<AcceptAnswer> => {
  const request_id = crypto.randomUUID()
  let is_repeat = false
  for (const pause_ms of REPEAT_AFTER_MS) {
    try {
      // A new stub per call: one that threw stays broken.
      return await dispatchStub(env, shard).accept({ ...call, request_id, is_repeat })
    } catch (error) {
      log.warn('dispatch_reset', { shard, request_id })
      if (!is_repeat && isOverloaded(error)) return refusedAll(call, 'the buffer is overloaded')
      is_repeat = true
      await scheduler.wait(pause_ms)
    }
  }
  return refusedAll(
    call,
    'the buffer does not answer; whether it has the message is unknown. Send it again, with the ' +
      'same idempotency_key where it must not come twice',
  )
}

const refusedAll = ({ messages }: Call, message: string): AcceptAnswer => ({
  kind: 'answered',
  results: messages.map(() => ({ ok: false, refusal: refusal('unavailable', message, 1_000) })),
})

const isOverloaded = (error: unknown): boolean =>
  error instanceof Error && 'overloaded' in error && error.overloaded === true
