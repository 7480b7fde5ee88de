/** What every handler finds in hono's context. */
import type { Context } from 'hono'
import type { BudgetFigures } from '../domain/limits/lease.ts'
import type { Env } from '../env.ts'

export type HttpEnv = {
  Bindings: Env
  Variables: {
    request_id: string
    /** The path of the endpoint as it is described; none where there is no such endpoint. */
    route?: string
    /** Once the caller is known; for the log. */
    user_id?: string
    /** Of what the request writes, as the log of its commit names it. */
    item_id?: string
    /** Once something was paid, or refused as too much. */
    budget?: BudgetFigures
  }
}

export type HttpContext = Context<HttpEnv>
