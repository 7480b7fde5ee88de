/** One-way messages for tests, straight to a shard of the buffer. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import type { AcceptAnswer } from '../../../src/domain/dispatch/buffered.ts'
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

export const post = async (
  stub: Stub,
  sender_id: string,
  messages: readonly OneWayMessage[],
  epoch = 1,
): Promise<AcceptAnswer> => (await stub.accept({ sender_id, epoch, messages })) as AcceptAnswer

export const acceptedIds = (answer: AcceptAnswer): string[] =>
  answer.kind === 'moved' ? [] : answer.results.flatMap((one) => (one.ok ? one.tracking_id : []))

/** What happens to a shard between two moments of a test. */
export const evictDispatch = async (stub: Stub, eviction: Eviction): Promise<void> => {
  if (eviction === 'none') return
  await runInDurableObject(stub, () => {})
  await evictDurableObject(stub, { webSockets: eviction })
}
