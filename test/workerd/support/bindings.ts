/** The objects of the Worker under test. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { OperationName } from '../../../src/database/operations.ts'
import {
  gatewayStubs,
  inboxStubOf,
  pushStub,
  rateLimiterStub,
  roomStub,
} from '../../../src/durable/stubs.ts'
import type { GatewayFigures } from '../../../src/durable/database-gateway.ts'
import type { Env } from '../../../src/env.ts'

export const bindings = env as unknown as Env

export const roomOf = (room_id: string) => roomStub(bindings, room_id)

export const allFigures = async (): Promise<GatewayFigures[]> =>
  Promise.all(gatewayStubs(bindings).map((gateway) => gateway.figures() as Promise<GatewayFigures>))

/** How often a statement ran, over all gateways. */
export const timesRun = async (
  statement: OperationName | 'commit-room' | 'commit-burst',
): Promise<number> =>
  (await allFigures()).reduce((sum, { statements }) => sum + (statements[statement]?.count ?? 0), 0)

export type Eviction = 'none' | 'hibernate' | 'close'

/** The shard of the inbox that holds a person. */
export const inboxOf = (user_id: string) => inboxStubOf(bindings, user_id)

/** Dies at once, whatever it waits for: an eviction would wait for its timers. */
export const reset = (stub: DurableObjectStub): Promise<void> =>
  runInDurableObject(stub, (_, state) => state.abort('reset')).catch(() => {})

/** What happens to a room between two moments of a test. Gateways are left alone. */
export const evict = async (room_id: string, eviction: Eviction): Promise<void> => {
  if (eviction === 'none') return
  const room = roomOf(room_id)
  await runInDurableObject(room, () => {})
  await evictDurableObject(room, { webSockets: eviction })
}

/** The same to the shard that holds a person's inbox. */
export const evictInbox = async (user_id: string, eviction: Eviction): Promise<void> => {
  if (eviction === 'none') return
  const inbox = inboxOf(user_id)
  // One that sleeps already cannot be put to sleep.
  await runInDurableObject(inbox, () => {})
  await evictDurableObject(inbox, { webSockets: eviction })
}

/** The same to the object that pushes for a room. */
export const evictPush = async (room_id: string, eviction: Eviction): Promise<void> => {
  if (eviction === 'none') return
  const push = pushStub(bindings, room_id)
  await runInDurableObject(push, () => {})
  await evictDurableObject(push, { webSockets: eviction })
}

/** The object that counts what a person writes. */
export const limiterOf = (user_id: string) => rateLimiterStub(bindings, user_id)

export const evictLimiter = async (user_id: string, eviction: Eviction): Promise<void> => {
  if (eviction === 'none') return
  const limiter = limiterOf(user_id)
  await runInDurableObject(limiter, () => {})
  await evictDurableObject(limiter, { webSockets: eviction })
}
