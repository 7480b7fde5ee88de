/** Which shard of the buffer takes a message, also while the number of shards changes (DISP-8). */
import { shardOfKey } from '../../lib/shard.ts'
import type { Recipient } from '../../protocol/one-way.ts'

export type Layout = {
  /** Raised with each change of the number of shards. */
  readonly epoch: number
  readonly shards: number
  /** Milliseconds since the epoch of Unix; from then on. All who ask know it some time before. */
  readonly effective_at: number
  /** The counts before, newest first, as long as one of their shards may hold a message. */
  readonly former: readonly { readonly epoch: number; readonly shards: number }[]
}

/** What keeps its order: messages of one sender to one recipient. */
export const orderKey = (sender_id: string, { type, id }: Recipient): string =>
  `${type} ${id} ${sender_id}`

export const shardFor = (shards: number, key: string): number => shardOfKey(shards, key)
