/** Which shard of the buffer takes a message, also while the number of shards changes (DISP-8). */
import { shardOfKey } from '../../lib/shard.ts'
import type { Priority, Recipient } from '../../protocol/one-way.ts'

export type Shards = { readonly epoch: number; readonly shards: number }

export type Layout = Shards & {
  /** Milliseconds since the epoch of Unix; from then on. All who ask know it some time before. */
  readonly effective_at: number
  /** The counts before, newest first, as long as one of their shards may hold a message. */
  readonly former: readonly Shards[]
  /** So many there have ever been: a shard without new messages still knows of old ones. */
  readonly known_shards: number
}

export const firstLayout = (shards: number): Layout => ({
  epoch: 1,
  shards,
  effective_at: 0,
  former: [],
  known_shards: shards,
})

/** What keeps its order: messages of one sender to one recipient. */
export const orderKey = (sender_id: string, { type, id }: Recipient): string =>
  `${type} ${id} ${sender_id}`

/** The same with the priority, inside which the order is kept (DISP-4). */
export const queueKey = (order_key: string, priority: Priority): string =>
  `${priority} ${order_key}`

export const shardFor = (shards: number, order_key: string): number => shardOfKey(shards, order_key)

/** By which one new messages find their shard at a moment. */
export const inForce = (layout: Layout, now: number): Shards =>
  (now < layout.effective_at ? layout.former[0] : undefined) ?? layout

/** Nothing may be changed again before the last change is in force: all would have to know both. */
export const mayChange = (layout: Layout, now: number, former_max_count: number): boolean =>
  now >= layout.effective_at && layout.former.length < former_max_count

export const changed = (layout: Layout, shards: number, effective_at: number): Layout => ({
  epoch: layout.epoch + 1,
  shards,
  effective_at,
  former: [{ epoch: layout.epoch, shards: layout.shards }, ...layout.former],
  known_shards: Math.max(layout.known_shards, shards),
})

/** Without those whose shards hold nothing any more that was accepted under them or before. */
export const forgotten = (layout: Layout, upto_epoch: number): Layout => ({
  ...layout,
  former: layout.former.filter(({ epoch }) => epoch > upto_epoch),
})

/** The shards other than `own` that may hold earlier messages of a key. */
export const formerHomes = (
  layout: Layout,
  { epoch, order_key, own }: { readonly epoch: number; readonly order_key: string; own: number },
): number[] => {
  const homes = layout.former
    .filter((former) => former.epoch < epoch)
    .map(({ shards }) => shardFor(shards, order_key))
  return [...new Set(homes)].filter((home) => home !== own)
}
