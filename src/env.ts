/** What the platform hands to the Worker and its objects: bindings and variables, as named in wrangler.toml. */
import type { Collector } from './durable/collector.ts'
import type { Control } from './durable/control.ts'
import type { Courier } from './durable/courier.ts'
import type { DatabaseGateway } from './durable/database-gateway.ts'
import type { Dispatch } from './durable/dispatch.ts'
import type { Inbox } from './durable/inbox.ts'
import type { Operations } from './durable/operations.ts'
import type { Push } from './durable/push.ts'
import type { RateLimiter } from './durable/rate-limiter.ts'
import type { Room } from './durable/room.ts'
import type { Variables } from './lib/variables.ts'

export type Env = {
  readonly ROOM: DurableObjectNamespace<Room>
  readonly DATABASE_GATEWAY: DurableObjectNamespace<DatabaseGateway>
  readonly INBOX: DurableObjectNamespace<Inbox>
  readonly PUSH: DurableObjectNamespace<Push>
  readonly DISPATCH: DurableObjectNamespace<Dispatch>
  readonly COURIER: DurableObjectNamespace<Courier>
  readonly RATE_LIMITER: DurableObjectNamespace<RateLimiter>
  readonly CONTROL: DurableObjectNamespace<Control>
  readonly COLLECTOR: DurableObjectNamespace<Collector>
  readonly OPERATIONS: DurableObjectNamespace<Operations>
  readonly ASSETS: Fetcher
  /** Bytes of uploads. Without it there are no files, and all else goes on (LIM-3). */
  readonly FILES?: R2Bucket
} & Variables
