/**
 * How many connections the whole deployment may hold (DB-2), and each gateway shard's part of
 * them. Values come as text from the environment; a bad one stops the start by name.
 */
import { numberSetting } from '../domain/configuration/read.ts'
import { shardOfKey } from '../lib/shard.ts'
import { integerIn, numberIn, SettingsError, type Variables } from '../lib/variables.ts'

export type PoolSettings = {
  /** Connections opened at first use and kept open. */
  readonly size: number
  /** Connections that may open on top of that under load. */
  readonly overflow: number
  /** How long a caller waits for one. */
  readonly timeout_ms: number
  /** The age at which one is replaced. */
  readonly recycle_s: number
  readonly shards: number
  /** A gateway idle for so long ends its pool and may sleep; 0: never. */
  readonly idle_sleep_ms: number
}

/** A shard's part: opened at first use, and at most open. */
export type PoolShare = { readonly min: number; readonly max: number }

/** @throws SettingsError */
export const readPoolSettings = (variables: Variables): PoolSettings => {
  const size = numberSetting(variables, 'db_pool_size')
  const overflow = numberSetting(variables, 'db_max_overflow')
  const shards = integerIn(variables, 'DB_GATEWAY_SHARDS', { or: 2, min: 1, max: 64 })
  if (shards > size)
    throw new SettingsError(
      `DB_GATEWAY_SHARDS is ${shards}; it may not exceed DB_POOL_SIZE (${size})`,
    )
  return {
    size,
    overflow,
    shards,
    timeout_ms: numberSetting(variables, 'db_pool_timeout') * 1_000,
    recycle_s: numberSetting(variables, 'db_pool_recycle'),
    idle_sleep_ms: numberIn(variables, 'DB_IDLE_SLEEP', { or: 0, min: 0, max: 86_400 }) * 1_000,
  }
}

/** The shares of all shards add up to the settings; what does not divide goes to the first. */
export const shareOf = ({ size, overflow, shards }: PoolSettings, shard: number): PoolShare => ({
  min: part(size, shards, shard),
  max: part(size + overflow, shards, shard),
})

/** Which shard serves a key (a room's or a person's id): always the same, evenly spread. */
export const shardOf = ({ shards }: PoolSettings, key: string): number => shardOfKey(shards, key)

const part = (total: number, shards: number, shard: number): number =>
  Math.floor(total / shards) + (shard < total % shards ? 1 : 0)
