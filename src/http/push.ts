/** The caller's browsers that can be pushed to while the page is closed (WEB-5). */
import { pushEndpoint } from '../channels/push-endpoint.ts'
import { readPushSettings, type PushSettings } from '../channels/push-settings.ts'
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { bytesOfBase64url } from '../lib/base64url.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { PushKey, PushSubscription, PushUnsubscription } from '../protocol/push.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { pushWanted } from './push-wanted.ts'

const path = '/api/me/push-subscriptions'
const tag = 'notifications'
const says = { not_found: 'this deployment does not push' }

const key = endpoint({
  method: 'get',
  path: '/api/push/key',
  tag,
  summary: 'The key to subscribe with',
  description: 'For `applicationServerKey`. Not found where the deployment does not push.',
  success: { status: 200, description: 'The VAPID key', schema: PushKey },
  refuses: ['not_found'],
  says,
  handle: async ({ env }) => {
    const settings = pushSettings(env)
    return settings.ok ? success({ public_key: settings.value.public_key }) : settings
  },
})

const subscribe = endpoint({
  method: 'put',
  path,
  tag,
  summary: 'Push to this browser',
  description:
    'Saying it again is no harm. One browser pushes to one person: whoever registered it last. Of ' +
    'more than 20 browsers of a person those that were longest not registered are forgotten.',
  body: PushSubscription,
  success: { status: 204, description: 'It will be pushed to' },
  refuses: ['bad_request', 'not_found', 'database_busy'],
  says,
  handle: async ({ env, caller: { user_id }, body }) => {
    const settings = pushSettings(env)
    if (!settings.ok) return settings
    if (!pushEndpoint(settings.value, body.endpoint))
      return failure(refusal('bad_request', 'endpoint: is not the address of a push service'))
    if (!(await isPoint(body.keys.p256dh)))
      return failure(refusal('bad_request', 'keys.p256dh: is not a point on P-256'))
    const saved = await askDatabase(env, user_id, 'savePushSubscription', { user_id, ...body })
    if (!saved.ok) return saved
    await pushWanted(env, saved.value.room_ids)
    return success(null)
  },
})

const unsubscribe = endpoint({
  method: 'delete',
  path,
  tag,
  summary: 'Do not push to this browser any more',
  body: PushUnsubscription,
  success: { status: 204, description: 'It is not pushed to' },
  refuses: ['bad_request', 'database_busy'],
  handle: ({ env, caller: { user_id }, body }) =>
    askDatabase(env, user_id, 'removePushSubscription', { user_id, endpoint: body.endpoint }),
})

const pushSettings = (env: Env): Outcome<PushSettings> => {
  const settings = readPushSettings(env)
  return settings ? success(settings) : failure(refusal('not_found', says.not_found))
}

/** What is none nobody could encrypt for; better to say so now. */
const isPoint = async (text: string): Promise<boolean> => {
  const bytes = bytesOfBase64url(text)
  if (!bytes) return false
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  try {
    await crypto.subtle.importKey('raw', bytes, curve, false, [])
    return true
  } catch {
    return false
  }
}

export const pushEndpoints: readonly Endpoint[] = [key, subscribe, unsubscribe]
