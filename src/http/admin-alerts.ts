/** The alerts, as the person on call sees and acknowledges them (OPS-2). Admins only. */
import * as z from 'zod/mini'
import { operationsStub } from '../durable/stubs.ts'
import { failure, success } from '../lib/outcome.ts'
import { Alert, AlertHistory, AlertList } from '../protocol/alerts.ts'
import { refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import { fromOperations } from './ask-operations.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { operating } from './operating.ts'
import { AlertParams } from './params.ts'
import { integer } from './query-values.ts'

const path = '/api/admin/alerts'
const tag = 'admin'

const list = endpoint({
  method: 'get',
  path,
  tag,
  summary: 'What is wrong now, and what every rule sees',
  description:
    'Each alert says what happens, since when, how bad, and what to do. `value` of a rule is null ' +
    'where there is nothing to measure. Admins only.',
  success: { status: 200, description: 'Alerts that fire, and all rules', schema: AlertList },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ env, caller }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    return fromOperations(async () => (await operationsStub(env).alerts()) as AlertList)
  },
})

export const HistoryQuery = z.object({
  limit: z
    ._default(integer(1, 500), 100)
    .check(z.meta({ examples: [20] }))
    .check(z.describe('How many at most.')),
})

const history = endpoint({
  method: 'get',
  path: `${path}/history`,
  tag,
  summary: 'Alerts that were, newest first',
  description: 'Those that fire included. The last 500 are remembered. Admins only.',
  query: HistoryQuery,
  success: { status: 200, description: 'Alerts', schema: AlertHistory },
  refuses: ['bad_request', 'forbidden', 'database_busy'],
  handle: async ({ env, caller, query: { limit } }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    return fromOperations(async () => ({
      alerts: (await operationsStub(env).history(limit)) as Alert[],
    }))
  },
})

const acknowledge = endpoint({
  method: 'post',
  path: `${path}/{alert_id}/acknowledge`,
  tag,
  summary: 'Somebody looks after this alert',
  description:
    'Who and when is remembered, and shown to the others; the first counts. It changes nothing ' +
    'else: the alert ends when its figure is low again. Admins only.',
  params: AlertParams,
  success: { status: 200, description: 'The alert', schema: Alert },
  refuses: ['forbidden', 'not_found', 'database_busy'],
  says: { not_found: 'there is no such alert' },
  handle: async ({ context, env, caller: { user_id }, params: { alert_id } }) => {
    const allowed = await operating(env, { user_id })
    if (!allowed.ok) return allowed
    const asked = await fromOperations(
      async () => (await operationsStub(env).acknowledge(alert_id, user_id)) as Alert | undefined,
    )
    if (!asked.ok) return asked
    const alert = asked.value
    if (alert === undefined) return failure(refusal('not_found', 'there is no such alert'))
    const request_id = context.get('request_id')
    log.info('alert_acknowledged', { request_id, user_id, alert_id, rule: alert.rule })
    return success(alert)
  },
})

export const adminAlertEndpoints: readonly Endpoint[] = [list, history, acknowledge]
