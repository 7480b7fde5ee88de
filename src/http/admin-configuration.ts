/** What operators change while Muster runs (OPS-4): see it, change it, take it back. Admins only. */
import * as z from 'zod/mini'
import { tell } from '../durable/configuration.ts'
import type { Changed } from '../durable/control-configuration.ts'
import { controlStub } from '../durable/stubs.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import {
  ChangeConfiguration,
  ChangedConfiguration,
  Configuration,
  ConfigurationHistory,
  RollBackConfiguration,
} from '../protocol/configuration.ts'
import { refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import type { HttpContext } from './context.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { operating } from './operating.ts'
import { integer } from './query-values.ts'

const path = '/api/admin/config'
const tag = 'admin'

const HISTORY_DEFAULT_COUNT = 100
const HISTORY_MAX_COUNT = 500

const show = endpoint({
  method: 'get',
  path,
  tag,
  summary: 'The configuration that is in force',
  description:
    'Every setting with its bounds, and where its value comes from: built in, the environment, or ' +
    'what an admin has set while Muster runs. Admins only.',
  success: { status: 200, description: 'All settings', schema: Configuration },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ env, caller }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    return fromControl(async () => success(await controlStub(env).shownConfiguration()))
  },
})

const change = endpoint({
  method: 'put',
  path,
  tag,
  summary: 'Change settings while Muster runs',
  description:
    'The values given are laid over those in force; null takes one back to what default or ' +
    'environment say. All or nothing: what is wrong comes back by setting in `problems`. Everywhere ' +
    'in force within 5 seconds. `conflict` where it is no longer the version you have seen. Admins only.',
  body: ChangeConfiguration,
  success: { status: 200, description: 'As it is now', schema: ChangedConfiguration },
  refuses: ['forbidden', 'conflict', 'database_busy'],
  handle: async ({ context, env, caller, body }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const by = caller.user_id
    return changed(
      context,
      by,
      await fromControl(async () => controlStub(env).changeConfiguration({ ...body, by })),
    )
  },
})

const rollBack = endpoint({
  method: 'post',
  path: `${path}/rollback`,
  tag,
  summary: 'Roll the configuration back',
  description:
    'Makes a new version of what an earlier one had set; 0 takes all back to what default and ' +
    'environment say. Admins only.',
  body: RollBackConfiguration,
  success: { status: 200, description: 'As it is now', schema: ChangedConfiguration },
  refuses: ['forbidden', 'not_found', 'conflict', 'database_busy'],
  handle: async ({ context, env, caller, body }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const by = caller.user_id
    return changed(
      context,
      by,
      await fromControl(async () => controlStub(env).rollBackConfiguration({ ...body, by })),
    )
  },
})

const history = endpoint({
  method: 'get',
  path: `${path}/history`,
  tag,
  summary: 'Who changed what, and when',
  description:
    'The newest first; the last 500 are kept. Each carries the hash of the one before, so that what ' +
    'was altered later shows in `broken_at`. Admins only.',
  query: z.object({
    limit: z._default(integer(1, HISTORY_MAX_COUNT), HISTORY_DEFAULT_COUNT),
  }),
  success: { status: 200, description: 'The versions', schema: ConfigurationHistory },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ env, caller, query: { limit } }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    return fromControl(async () => success(await controlStub(env).configurationHistory(limit)))
  },
})

/** This isolate knows it at once, and the log has who it was. */
const changed = (
  context: HttpContext,
  user_id: string,
  outcome: Outcome<Changed>,
): Outcome<ChangedConfiguration> => {
  if (!outcome.ok) return outcome
  const { configuration, held, is_new } = outcome.value
  if (is_new) {
    tell(held)
    log.info('configuration_changed', {
      request_id: context.get('request_id'),
      user_id,
      version: configuration.version,
      names: configuration.changes.map(({ name }) => name),
    })
  }
  return success(configuration)
}

const fromControl = async <Value>(ask: () => Promise<Outcome<Value>>): Promise<Outcome<Value>> => {
  try {
    return await ask()
  } catch {
    return failure(refusal('unavailable', 'the configuration cannot be reached now', 1_000))
  }
}

export const adminConfigurationEndpoints: readonly Endpoint[] = [show, change, rollBack, history]
