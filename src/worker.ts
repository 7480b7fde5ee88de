/** Where the parts of the Worker meet: the objects by name, and the app that takes requests. */
import * as z from 'zod/mini'
import type { Env } from './env.ts'
import { sweepFiles } from './files/sweep.ts'
import { createApp } from './http/app.ts'

// Workers may not compile code at run time, and messages of schemas are read by people.
z.config({ ...z.locales.en(), jitless: true })

export { Collector } from './durable/collector.ts'
export { Control } from './durable/control.ts'
export { Courier } from './durable/courier.ts'
export { DatabaseGateway } from './durable/database-gateway.ts'
export { Dispatch } from './durable/dispatch.ts'
export { Inbox } from './durable/inbox.ts'
export { Operations } from './durable/operations.ts'
export { Push } from './durable/push.ts'
export { RateLimiter } from './durable/rate-limiter.ts'
export { Room } from './durable/room.ts'

let app: ReturnType<typeof createApp> | undefined

export default {
  fetch(request, env, context) {
    app ??= createApp(env)
    return app.fetch(request, env, context)
  },
  async scheduled(_controller, env) {
    await sweepFiles(env)
  },
} satisfies ExportedHandler<Env>
