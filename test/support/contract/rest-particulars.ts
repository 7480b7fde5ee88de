/**
 * What the contract test must know of single REST calls besides their documentation: what must be
 * so before the examples fit, and how problems are provoked where the general way does not do it.
 * A call without an entry needs none.
 */
import { randomUUID } from 'node:crypto'
import { cast } from '../../../src/http/documented-cast.ts'
import type { ErrorCode } from '../../../src/protocol/errors.ts'
import type { Sent } from './operation.ts'
import type { World } from './world.ts'

export type Particular = {
  readonly before?: (world: World) => Promise<unknown>
  /** What an example in JSON cannot say, such as a file; part of every request. */
  readonly sent?: Sent
  readonly provoke?: Readonly<Partial<Record<ErrorCode, Provocation>>>
  /** Documented, but beyond a test of examples: why, or which test does it. */
  readonly beyond?: Readonly<Partial<Record<ErrorCode, string>>>
  /** Where not even the success can be brought about by examples: which test shows it. */
  readonly success_beyond?: string
}

export type Provocation = Sent & { readonly before?: (world: World) => Promise<unknown> }

const foreign = { headers: { origin: 'https://elsewhere.example' } }
const onlyInDevelopment = { not_found: 'where AUTH_DEV_LOGIN is off: http-answers.test.ts' }
const onlyWithoutKeys = { not_found: 'where VAPID is not set: http-push.test.ts' }
const room = `/api/rooms/${cast.room_id}`
const said = `${room}/messages/${cast.message_id}`
const emoji = encodeURIComponent('👍')

const tracking = '/api/messages/one-way/{tracking_id}'
const posted = { recipient: { type: 'room', id: cast.room_id }, content: 'Back at 4.1 °C' }
const message = '/api/rooms/{room_id}/messages/{message_id}'
const reaction = `${message}/reactions/{emoji}`
const noEmoji = { path: { emoji: 'x' } }
const leave = { method: 'DELETE', path: `${room}/members/${cast.lin}` }

export const restParticulars: Readonly<Record<string, Particular>> = {
  'post /api/auth/dev-login': { beyond: onlyInDevelopment },
  'get /api/auth/dev-people': { beyond: onlyInDevelopment },
  'post /api/auth/logout': { provoke: { forbidden: foreign } },
  'get /api/push/key': { beyond: onlyWithoutKeys },
  'put /api/me/push-subscriptions': { beyond: onlyWithoutKeys },
  'post /api/rooms/{room_id}/members': {
    before: (world) => world.prepare('mei', leave.method, leave.path),
    provoke: { conflict: { body: { user_id: cast.lin, role: 'viewer' } } },
  },
  'patch /api/rooms/{room_id}/members/{user_id}': {
    provoke: { conflict: { path: { user_id: cast.mei }, body: { role: 'editor' } } },
  },
  'delete /api/rooms/{room_id}/members/{user_id}': {
    provoke: { conflict: { path: { user_id: cast.mei } } },
  },
  'post /api/rooms/{room_id}/messages': {
    provoke: {
      conflict: {
        body: { content: 'the first', client_message_id: cast.client_message_id },
        before: (world) =>
          world.prepare('mei', 'POST', `${room}/messages`, {
            content: 'something else',
            client_message_id: cast.client_message_id,
          }),
      },
    },
  },
  [`patch ${message}`]: {
    provoke: {
      too_late: {
        body: { content: 'too late' },
        before: ({ pool, real }) =>
          pool.query(
            "UPDATE messages SET created_at = created_at - interval '1 day' WHERE message_id = $1",
            [real(cast.message_id)],
          ),
      },
    },
  },
  [`put ${reaction}`]: { provoke: { bad_request: noEmoji } },
  [`delete ${reaction}`]: {
    before: (world) => world.prepare('mei', 'PUT', `${said}/reactions/${emoji}`),
    provoke: { bad_request: noEmoji },
  },
  [`delete ${message}/pin`]: {
    before: (world) => world.prepare('mei', 'PUT', `${said}/pin`, {}),
  },
  'post /api/messages/one-way': {
    provoke: {
      conflict: {
        body: { ...posted, content: 'the first', idempotency_key: cast.client_message_id },
        before: (world) =>
          world.prepare('mei', 'POST', '/api/messages/one-way', {
            ...{ ...posted, content: 'something else', idempotency_key: cast.client_message_id },
          }),
      },
    },
  },
  'post /api/messages/one-way/batch': {
    provoke: { bad_request: { body: [] } },
    beyond: { too_large: 'http-one-way-batch.test.ts' },
  },
  [`get ${tracking}`]: { before: postOneWay },
  [`post ${tracking}/retry`]: {
    success_beyond: 'of a message that is dead: dispatch tests',
    provoke: { conflict: { before: postOneWay } },
  },
  'post /api/me/notices/{notice_id}/read': {
    before: async ({ pool, real, learn }) => {
      const notice_id = randomUUID()
      await pool.query(
        `INSERT INTO notices (notice_id, user_id, sender_id, content, priority)
          VALUES ($1, $2, $3, 'look at chiller 3', 'high')`,
        [notice_id, real(cast.mei), real(cast.lin)],
      )
      learn(cast.notice_id, notice_id)
    },
  },
  'get /api/me/webhook': {
    before: (world) =>
      world.prepare('mei', 'PUT', '/api/me/webhook', { url: 'https://hooks.example.com/' }),
    provoke: { not_found: {} },
  },
  'put /api/admin/config': {
    provoke: { conflict: { body: { values: { db_pool_size: 40 }, expected_version: 99 } } },
  },
  'post /api/admin/config/rollback': {
    provoke: {
      not_found: { body: { version: 99 } },
      conflict: { body: { version: 0, expected_version: 99 } },
    },
  },
  'post /api/admin/alerts/{alert_id}/acknowledge': {
    success_beyond: 'of an alert that was: operations-alerts.test.ts',
  },
  'get /ws': {
    provoke: {
      forbidden: {
        who: 'nobody',
        headers: { ...foreign.headers, cookie: `muster_session=${cast.token}` },
      },
    },
  },
  'get /api/rooms/{room_id}/verify': {
    before: async (world) => {
      const proof = await world.prepare('mei', 'GET', `${room}/verify`)
      world.learn(cast.receipt, (proof as { receipt: string }).receipt)
    },
    provoke: { bad_request: { query: { receipt: 'not a receipt' } } },
  },
  'post /api/rooms/{room_id}/files': {
    sent: { body: aFile() },
    beyond: { too_large: 'http-files.test.ts' },
  },
}

/** From now on the documented tracking id is that of a message of Mei's. */
async function postOneWay(world: World): Promise<void> {
  const accepted = await world.prepare('mei', 'POST', '/api/messages/one-way', posted)
  world.learn(cast.tracking_id, (accepted as { tracking_id: string }).tracking_id)
}

function aFile(): FormData {
  const form = new FormData()
  form.set('file', new Blob(['over']), 'log.txt')
  return form
}
