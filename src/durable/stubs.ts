/** Where each object is found: the only place that names bindings. */
import type { Env } from '../env.ts'
import { shardOf } from '../database/pool-settings.ts'
import type { DatabaseGateway } from './database-gateway.ts'
import type { Room } from './room.ts'

export const roomStub = (env: Env, room_id: string): DurableObjectStub<Room> =>
  env.ROOM.get(env.ROOM.idFromName(room_id))

/** The gateway that serves a room's or a person's queries; `key` is the room's or user's id. */
export const gatewayStub = (env: Env, key: string): DurableObjectStub<DatabaseGateway> => {
  const shard = `shard-${shardOf(env, key)}`
  return env.DATABASE_GATEWAY.get(env.DATABASE_GATEWAY.idFromName(shard))
}
