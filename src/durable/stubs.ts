/** Where each object, and the store of files, is found: the only place that names bindings. */
import { readPushShards } from '../channels/push-settings.ts'
import { readDatabaseLocation } from '../database/location.ts'
import { readPoolSettings, shardOf } from '../database/pool-settings.ts'
import { shardOfKey } from '../lib/shard.ts'
import type { Env } from '../env.ts'
import type { ServiceName } from '../channels/channel.ts'
import type { Collector } from './collector.ts'
import { readCollectorShards } from './collector-settings.ts'
import type { Control } from './control.ts'
import type { Courier } from './courier.ts'
import type { DatabaseGateway } from './database-gateway.ts'
import type { Dispatch } from './dispatch.ts'
import type { Inbox } from './inbox.ts'
import { readInboxSettings } from './inbox-settings.ts'
import type { Operations } from './operations.ts'
import type { Push } from './push.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { Room } from './room.ts'

export const roomStub = (env: Env, room_id: string): DurableObjectStub<Room> =>
  env.ROOM.get(env.ROOM.idFromName(room_id))

/** The gateway that serves a room's or a person's queries; `key` is the room's or user's id. */
export const gatewayStub = (env: Env, key: string): DurableObjectStub<DatabaseGateway> =>
  shardStub(env, shardOf(readPoolSettings(env), key))

/** Every gateway of the deployment. */
export const gatewayStubs = (env: Env): DurableObjectStub<DatabaseGateway>[] =>
  Array.from({ length: readPoolSettings(env).shards }, (_, shard) => shardStub(env, shard))

/** Undefined where the deployment has none. */
export const fileBucket = (env: Env): R2Bucket | undefined => env.FILES

/** The object that holds a person's inbox. */
export const inboxStubOf = (env: Env, user_id: string): DurableObjectStub<Inbox> =>
  inboxStub(env, shardOfKey(readInboxSettings(env).shards, user_id))

export const inboxStub = (env: Env, shard: number): DurableObjectStub<Inbox> =>
  env.INBOX.get(env.INBOX.idFromName(`${prefix}${shard}`))

/** Every one of them. */
export const inboxStubs = (env: Env): DurableObjectStub<Inbox>[] =>
  Array.from({ length: readInboxSettings(env).shards }, (_, shard) => inboxStub(env, shard))

/** The object that pushes for a room. */
export const pushStub = (env: Env, room_id: string): DurableObjectStub<Push> =>
  env.PUSH.get(env.PUSH.idFromName(`${prefix}${shardOfKey(readPushShards(env), room_id)}`))

/** Every one of them. */
export const pushStubs = (env: Env): DurableObjectStub<Push>[] =>
  Array.from({ length: readPushShards(env) }, (_, shard) =>
    env.PUSH.get(env.PUSH.idFromName(`${prefix}${shard}`)),
  )

/** A shard of the burst lane; its name does not change with the number of shards. */
export const dispatchStub = (env: Env, shard: number): DurableObjectStub<Dispatch> =>
  env.DISPATCH.get(env.DISPATCH.idFromName(`${prefix}${shard}`))

/** The object that carries messages to an outside service. */
export const courierStub = (env: Env, service: ServiceName): DurableObjectStub<Courier> =>
  env.COURIER.get(env.COURIER.idFromName(service))

/** The object that counts what a person writes. */
export const rateLimiterStub = (env: Env, user_id: string): DurableObjectStub<RateLimiter> =>
  env.RATE_LIMITER.get(env.RATE_LIMITER.idFromName(user_id))

/** The one object for what all agree on. */
export const controlStub = (env: Env): DurableObjectStub<Control> =>
  env.CONTROL.get(env.CONTROL.idFromName('control'))

/** The collector that takes a reporter's counts. */
export const collectorStub = (env: Env, reporter: string): DurableObjectStub<Collector> =>
  collectorShard(env, shardOfKey(readCollectorShards(env), reporter))

/** Every one of them. */
export const collectorStubs = (env: Env): DurableObjectStub<Collector>[] =>
  Array.from({ length: readCollectorShards(env) }, (_, shard) => collectorShard(env, shard))

/** The one object that watches the deployment. */
export const operationsStub = (env: Env): DurableObjectStub<Operations> =>
  env.OPERATIONS.get(env.OPERATIONS.idFromName('operations'))

const prefix = 'shard-'

const collectorShard = (env: Env, shard: number): DurableObjectStub<Collector> =>
  env.COLLECTOR.get(env.COLLECTOR.idFromName(`${prefix}${shard}`))

const shardStub = (env: Env, shard: number): DurableObjectStub<DatabaseGateway> => {
  const locationHint = readDatabaseLocation(env)
  const id = env.DATABASE_GATEWAY.idFromName(`${prefix}${shard}`)
  return env.DATABASE_GATEWAY.get(id, locationHint && { locationHint })
}

/** A gateway's or an inbox's own number, from the name it was found by. */
export const shardNumber = (name: string | undefined): number =>
  Number(name?.slice(prefix.length) ?? 0)
