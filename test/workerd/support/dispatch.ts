/** One-way messages for tests, straight to a shard of the buffer. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { vi } from 'vitest'
import type { AcceptAnswer, AcceptRequest } from '../../../src/domain/dispatch/buffered.ts'
import type { Dispatch } from '../../../src/durable/dispatch.ts'
import type { OneWayMessage } from '../../../src/protocol/one-way.ts'
import type { Eviction } from './bindings.ts'

type Stub = DurableObjectStub<Dispatch>

export const oneWay = (overrides: Partial<OneWayMessage> = {}): OneWayMessage => ({
  recipient: { type: 'email', id: 'night-shift@example.com' },
  content: 'the belt is hot',
  priority: 'normal',
  ...overrides,
})

/** A call of its own. */
export const call = (
  sender_id: string,
  messages: readonly OneWayMessage[],
  overrides: Partial<AcceptRequest> = {},
): AcceptRequest => ({
  ...{ sender_id, messages, epoch: 1, request_id: crypto.randomUUID(), is_repeat: false },
  ...overrides,
})

export const post = async (
  stub: Stub,
  sender_id: string,
  messages: readonly OneWayMessage[],
  overrides: Partial<AcceptRequest> = {},
): Promise<AcceptAnswer> =>
  (await stub.accept(call(sender_id, messages, overrides))) as AcceptAnswer

export const acceptedIds = (answer: AcceptAnswer): string[] =>
  answer.kind === 'moved' ? [] : answer.results.flatMap((one) => (one.ok ? one.tracking_id : []))

/** What happens to a shard between two moments of a test. */
export const evictDispatch = async (stub: Stub, eviction: Eviction): Promise<void> => {
  if (eviction === 'none') return
  await runInDurableObject(stub, () => {})
  await evictDurableObject(stub, { webSockets: eviction })
}

/** Until a shard holds nothing more. */
export const settled = async (stub: Stub, timeout = 40_000): Promise<void> => {
  await vi.waitUntil(async () => (await stub.figures()).count === 0, { timeout, interval: 50 })
}
