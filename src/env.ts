/** What the platform hands to the Worker and its objects: bindings and variables, as named in wrangler.toml. */
import type { DatabaseGateway } from './durable/database-gateway.ts'
import type { Room } from './durable/room.ts'

export type Env = {
  readonly ROOM: DurableObjectNamespace<Room>
  readonly DATABASE_GATEWAY: DurableObjectNamespace<DatabaseGateway>
  readonly ASSETS: Fetcher
} & Variables

/** All text, some of them secrets. Explained in `.dev.vars.example`. */
export type Variables = {
  readonly DATABASE_URL?: string
  readonly DATABASE_PROXY?: string
  readonly ENVIRONMENT?: string
  readonly AUTH_SECRET?: string
  readonly AUTH_DEV_LOGIN?: string
  readonly AUTH_ISSUER?: string
  readonly AUTH_AUDIENCE?: string
  readonly AUTH_JWKS_URL?: string
  readonly DB_POOL_SIZE?: string
  readonly DB_MAX_OVERFLOW?: string
  readonly DB_POOL_TIMEOUT?: string
  readonly DB_POOL_RECYCLE?: string
  readonly DB_GATEWAY_SHARDS?: string
  readonly DB_IDLE_SLEEP?: string
  readonly COMMIT_MODE?: string
}
