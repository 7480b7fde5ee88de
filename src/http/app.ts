/** The HTTP side of Muster, put together: what wraps every request, and the endpoints. */
import { Hono } from 'hono'
import type { Variables } from '../lib/variables.ts'
import { refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import { asyncApi } from './asyncapi-route.ts'
import { channels } from './channels.ts'
import { configured } from './configured.ts'
import type { HttpEnv } from './context.ts'
import { docs } from './docs.ts'
import { mount } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import { openApi } from './openapi.ts'
import { failed, notFound, refuse } from './refuse.ts'
import { requestLog } from './request-log.ts'
import { securityHeaders } from './security-headers.ts'
import { settingsProblems } from './settings.ts'
import { unreadBody } from './unread-body.ts'

/** Made once per isolate. With bad settings it refuses everything, and says which they are. */
export const createApp = (variables: Variables): Hono<HttpEnv> => {
  const app = new Hono<HttpEnv>()
  app.use(unreadBody, requestLog, securityHeaders)
  app.onError(failed)
  app.notFound(notFound)

  const problems = settingsProblems(variables)
  if (problems.length > 0) {
    log.error('bad_settings', { problems })
    app.all('*', (context) => refuse(context, refusal('unavailable', problems.join('; '))))
    return app
  }
  app.use(configured)
  mount(app, endpoints)
  app.get('/openapi.json', openApi(endpoints))
  app.get('/asyncapi.json', asyncApi(channels))
  app.get('/docs', docs)
  app.get('/docs/', docs)
  return app
}
