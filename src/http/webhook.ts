/** Where the caller's own systems are told what became of their one-way messages (DISP-5). */
import { readWebhookRule, webhookAddress } from '../channels/webhook-address.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { failure, success } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { ChangeWebhook, NewWebhook, Webhook } from '../protocol/one-way.ts'
import { log } from '../telemetry/log.ts'
import type { HttpContext } from './context.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

const path = '/api/me/webhook'
const tag = 'one-way messages'

/** As long as the hash that it signs with (RFC 2104, 3). */
const SECRET_BYTES = 32

const read = endpoint({
  method: 'get',
  path,
  tag,
  summary: 'Where my outcomes are told',
  success: {
    status: 200,
    description: 'The address; its secret is not shown again',
    schema: Webhook,
  },
  refuses: ['not_found', 'database_busy'],
  says: { not_found: 'you have no webhook' },
  handle: async ({ env, caller: { user_id } }) => {
    const known = await askDatabase(env, user_id, 'readWebhook', { user_id })
    if (!known.ok) return known
    if (known.value === null) return failure(refusal('not_found', 'you have no webhook'))
    const { url, created_at } = known.value
    return success({ url, created_at })
  },
})

const save = endpoint({
  method: 'put',
  path,
  tag,
  summary: 'Tell my outcomes at this address',
  description:
    'By a POST of each outcome, signed as https://www.standardwebhooks.com says, until it is ' +
    'answered with 2xx. The secret is new each time, and shown this once. Only https, and only ' +
    'hosts of the public internet, or those that the operator lists.',
  body: ChangeWebhook,
  success: { status: 200, description: 'The address and its secret', schema: NewWebhook },
  refuses: ['database_busy'],
  handle: async ({ context, env, caller: { user_id }, body }) => {
    const url = webhookAddress(readWebhookRule(env), body.url)
    if (!url)
      return failure(refusal('bad_request', 'url: must be an https address of a public host'))
    const secret = newSecret()
    const args = { user_id, url: url.href, secret }
    const saved = await askDatabase(env, user_id, 'saveWebhook', args)
    if (!saved.ok) return saved
    audit(context, { user_id, host: url.host })
    return success({ url: url.href, created_at: saved.value, secret })
  },
})

const remove = endpoint({
  method: 'delete',
  path,
  tag,
  summary: 'Do not tell my outcomes there any more',
  success: { status: 204, description: 'There is no webhook' },
  refuses: ['database_busy'],
  handle: async ({ context, env, caller: { user_id } }) => {
    const removed = await askDatabase(env, user_id, 'removeWebhook', { user_id })
    if (removed.ok) audit(context, { user_id, host: null })
    return removed
  },
})

/** Who lets data flow where, from when on. The path may itself be a secret. */
const audit = (
  context: HttpContext,
  change: { readonly user_id: string; readonly host: string | null },
): void => {
  const request_id = context.get('request_id')
  log.info('webhook_changed', { request_id, ...change })
}

const newSecret = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  return `whsec_${btoa(String.fromCharCode(...bytes))}`
}

export const webhookEndpoints: readonly Endpoint[] = [read, save, remove]
