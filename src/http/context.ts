/** What every handler finds in hono's context. */
import type { Context } from 'hono'
import type { Env } from '../env.ts'

export type HttpEnv = {
  Bindings: Env
  Variables: {
    request_id: string
    /** Once the caller is known; for the log. */
    user_id?: string
  }
}

export type HttpContext = Context<HttpEnv>
