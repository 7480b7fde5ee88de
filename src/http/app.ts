/** The HTTP side of Muster, put together: what wraps every request, and the endpoints. */
import { Hono } from 'hono'
import type { Variables } from '../env.ts'
import { refusal } from '../protocol/errors.ts'
import { authEndpoints } from './auth.ts'
import type { HttpEnv } from './context.ts'
import { mount, type Endpoint } from './endpoint.ts'
import { healthEndpoints } from './health.ts'
import { meEndpoints } from './me.ts'
import { memberEndpoints } from './members.ts'
import { messageEndpoints } from './messages.ts'
import { failed, notFound, refuse } from './refuse.ts'
import { requestLog } from './request-log.ts'
import { roomEndpoints } from './rooms.ts'
import { securityHeaders } from './security-headers.ts'
import { settingsProblems } from './settings.ts'
import { socketEndpoints } from './socket.ts'

const endpoints: readonly Endpoint[] = [
  ...healthEndpoints,
  ...authEndpoints,
  ...meEndpoints,
  ...roomEndpoints,
  ...memberEndpoints,
  ...messageEndpoints,
  ...socketEndpoints,
]

/** Made once per isolate. With bad settings it refuses everything, and says which they are. */
export const createApp = (variables: Variables): Hono<HttpEnv> => {
  const app = new Hono<HttpEnv>()
  app.use(requestLog, securityHeaders)
  app.onError(failed)
  app.notFound(notFound)

  const problems = settingsProblems(variables)
  if (problems.length > 0) {
    console.error(JSON.stringify({ event: 'bad_settings', problems }))
    app.all('*', (context) => refuse(context, refusal('unavailable', problems.join('; '))))
    return app
  }
  mount(app, endpoints)
  return app
}
