/**
 * Who may do what, through which door (SEC-2): the one table from which the tests of access are
 * made. A row is an action at one entry point; a cell is what each standing gets there.
 */
import { uuidv7 } from 'uuidv7'
import type { AcceptedOneWay } from '../../../src/protocol/one-way.ts'
import {
  answerOf,
  at,
  enter,
  frame,
  hasReadIt,
  rest,
  type Answer,
  type Ask,
} from './access-doors.ts'
import { upload, type AccessWorld, type StandingName } from './access-world.ts'
import { connect, connectInbox } from './socket.ts'

export type Row = {
  readonly action: string
  /** The REST operation as the OpenAPI document names it, or the socket's frame. */
  readonly door: string
  readonly ask: Ask
  readonly cells: Readonly<Record<StandingName, Answer>>
  /** Whether a `yes` writes a revision. Nothing else does. */
  readonly writes?: boolean
}

const cells = (
  owner: Answer,
  editor: Answer,
  viewer: Answer,
  admin: Answer,
  removed: Answer,
  stranger: Answer,
) => ({ owner, editor, viewer, admin, removed, stranger })

const readers = cells('yes', 'yes', 'yes', 'yes', 'no', 'no')
const writers = cells('yes', 'yes', 'no', 'yes', 'no', 'no')
const owners = cells('yes', 'no', 'no', 'yes', 'no', 'no')
const membersOnly = cells('yes', 'yes', 'yes', 'no', 'no', 'no')
const everybody = cells('yes', 'yes', 'yes', 'yes', 'yes', 'yes')
/** Of a message that is somebody else's: nobody, whatever they are. */
const nobody = cells('no', 'no', 'no', 'no', 'no', 'no')
const adminsAlone = cells('no', 'no', 'no', 'yes', 'no', 'no')

/** To others there is no such thing. */
const adminsElsewhereNobody = cells(
  'not found',
  'not found',
  'not found',
  'yes',
  'not found',
  'not found',
)

const oneWay = '/api/messages/one-way'
const toHost = ({ host }: AccessWorld) => ({
  recipient: { type: 'user', id: host.user_id },
  content: 'words',
})
const postedByHost = async (world: AccessWorld): Promise<string> => {
  const { body } = await world.host.post<AcceptedOneWay>(oneWay, toHost(world))
  return body.status_url
}

const message = '/api/rooms/{room_id}/messages/{message_id}'
const text = { content: 'words', message_type: 'text', mentions: [], reply_to: null }

/** Frames that ask for nothing a person could be refused. */
export const framesWithoutAccess = ['resume', 'auth', 'ping', 'pong', 'typing', 'presence']

/** Operations that are about no room, or about the caller alone. */
export const doorsWithoutAccess = [
  ...['post /api/auth/dev-login', 'get /api/auth/dev-people', 'post /api/auth/logout'],
  ...[
    'get /api/me',
    'get /api/me/limits',
    'post /api/rooms',
    'get /health',
    'get /health/ready',
    'get /ws',
  ],
  ...['get /api/me/notifications', 'put /api/me/notifications', 'get /api/push/key'],
  ...['put /api/me/push-subscriptions', 'delete /api/me/push-subscriptions'],
  ...['get /api/me/notices', 'post /api/me/notices/read'],
  'post /api/me/notices/{notice_id}/read',
  ...['get /api/me/webhook', 'put /api/me/webhook', 'delete /api/me/webhook'],
]

export const matrix: readonly Row[] = [
  {
    action: 'enter',
    door: 'get /ws/{room_id}',
    cells: readers,
    ask: enter,
  },

  {
    action: 'say',
    door: 'message',
    cells: writers,
    writes: true,
    ...frame(() => ({ type: 'message', ...text })),
  },
  {
    action: 'say',
    cells: writers,
    writes: true,
    ...rest('post', '/api/rooms/{room_id}/messages', { body: () => text }),
  },
  {
    action: 'say a file of one’s own',
    door: 'message (file_ref)',
    writes: true,
    cells: cells('yes', 'yes', 'no', 'yes', 'no', 'no'),
    ...frame(({ upload_id }) => ({
      type: 'message',
      ...text,
      message_type: 'file_ref',
      file_id: upload_id,
    })),
  },
  {
    action: 'say a file of somebody else',
    door: 'message (file_ref, foreign)',
    cells: cells('not found', 'not found', 'no', 'not found', 'no', 'no'),
    ...frame(({ file_id }) => ({ type: 'message', ...text, message_type: 'file_ref', file_id })),
  },

  {
    action: 'edit one’s own',
    door: 'edit_message (own)',
    cells: cells('yes', 'yes', 'no', 'yes', 'no', 'no'),
    writes: true,
    ...at({ type: 'edit_message', content: 'better' }, 'mine'),
  },
  {
    action: 'edit another’s',
    door: 'edit_message',
    cells: nobody,
    ...at({ type: 'edit_message', content: 'better' }),
  },
  {
    action: 'edit one’s own',
    cells: cells('yes', 'yes', 'no', 'yes', 'no', 'no'),
    writes: true,
    ...rest('patch', message, { of: 'mine', body: () => ({ content: 'better' }) }),
  },
  {
    action: 'edit another’s',
    cells: nobody,
    ...rest('patch', message, { body: () => ({ content: 'better' }) }),
  },

  {
    action: 'delete one’s own',
    door: 'delete_message (own)',
    cells: writers,
    writes: true,
    ...at({ type: 'delete_message' }, 'mine'),
  },
  {
    action: 'delete another’s',
    door: 'delete_message',
    cells: owners,
    writes: true,
    ...at({ type: 'delete_message' }),
  },
  {
    action: 'delete one’s own',
    cells: writers,
    writes: true,
    ...rest('delete', message, { of: 'mine' }),
  },
  { action: 'delete another’s', cells: owners, writes: true, ...rest('delete', message) },

  {
    action: 'react',
    door: 'add_reaction',
    cells: writers,
    writes: true,
    ...at({ type: 'add_reaction', emoji: '👍' }),
  },
  { action: 'react', cells: writers, writes: true, ...rest('put', `${message}/reactions/{emoji}`) },
  {
    action: 'take a reaction back',
    door: 'remove_reaction',
    cells: writers,
    ...at({ type: 'remove_reaction', emoji: '👍' }),
  },
  {
    action: 'take a reaction back',
    cells: writers,
    ...rest('delete', `${message}/reactions/{emoji}`),
  },
  {
    action: 'pin',
    door: 'pin_message',
    cells: writers,
    writes: true,
    ...at({ type: 'pin_message', event_at: '2026-11-22T09:00:00Z' }),
  },
  {
    action: 'pin',
    cells: writers,
    writes: true,
    ...rest('put', `${message}/pin`, { body: () => ({ event_at: '2026-11-22T09:00:00Z' }) }),
  },
  {
    action: 'unpin',
    door: 'unpin_message',
    cells: writers,
    writes: true,
    ...at({ type: 'unpin_message' }),
  },
  { action: 'unpin', cells: writers, writes: true, ...rest('delete', `${message}/pin`) },

  { action: 'read the room', cells: readers, ...rest('get', '/api/rooms/{room_id}') },
  { action: 'read history', cells: readers, ...rest('get', '/api/rooms/{room_id}/messages') },
  {
    action: 'read far history',
    cells: readers,
    ...rest('get', '/api/rooms/{room_id}/messages', { query: '?before_sequence=2' }),
  },
  {
    action: 'filter readings',
    cells: readers,
    ...rest('get', '/api/rooms/{room_id}/messages', { query: '?data.line=eq:3' }),
  },
  { action: 'read a message', cells: readers, ...rest('get', message) },
  { action: 'read earlier texts', cells: readers, ...rest('get', `${message}/history`) },
  { action: 'read pins', cells: readers, ...rest('get', '/api/rooms/{room_id}/pins') },
  {
    action: 'search the room',
    cells: readers,
    ...rest('get', '/api/rooms/{room_id}/messages/search', { query: '?q=said' }),
  },
  { action: 'see who is a member', cells: readers, ...rest('get', '/api/rooms/{room_id}/members') },
  {
    action: 'see who has read what',
    cells: readers,
    ...rest('get', '/api/rooms/{room_id}/read-marks'),
  },
  {
    action: 'have the report',
    cells: readers,
    ...rest('get', '/api/rooms/{room_id}/report', { query: '?transcript=true' }),
  },
  {
    action: 'have the record verified',
    cells: readers,
    ...rest('get', '/api/rooms/{room_id}/verify'),
  },
  { action: 'read a file', cells: readers, ...rest('get', '/api/files/{file_id}') },
  {
    action: 'upload a file',
    door: 'post /api/rooms/{room_id}/files',
    cells: writers,
    ask: async ({ caller, room_id }) => answerOf((await upload(caller, room_id)).status),
  },
  {
    action: 'mark as read',
    door: 'read',
    cells: membersOnly,
    ask: async (world) => {
      if ((await enter(world)) !== 'yes') return 'no'
      const socket = await connect(world.caller, world.room_id)
      socket.send({ type: 'read', sequence_number: 1 })
      const answer = await hasReadIt(world)
      socket.close()
      return answer
    },
  },
  {
    action: 'mark as read',
    door: 'read (inbox)',
    cells: membersOnly,
    ask: async (world) => {
      const inbox = await connectInbox(world.caller)
      inbox.send({ type: 'read', room_id: world.room_id, sequence_number: 1 })
      const answer = await hasReadIt(world)
      inbox.close()
      return answer
    },
  },
  {
    action: 'mark as read',
    cells: membersOnly,
    ...rest('put', '/api/rooms/{room_id}/read', { body: () => ({ sequence_number: 1 }) }),
  },

  {
    action: 'be told of the room',
    cells: membersOnly,
    ...rest('put', '/api/rooms/{room_id}/notifications', { body: () => ({ level: 'all' }) }),
  },

  {
    action: 'change the room',
    cells: writers,
    writes: true,
    ...rest('patch', '/api/rooms/{room_id}', { body: () => ({ title: 'Press 5' }) }),
  },
  {
    action: 'archive the room',
    cells: owners,
    writes: true,
    ...rest('patch', '/api/rooms/{room_id}', { body: () => ({ status: 'archived' }) }),
  },
  {
    action: 'add a member',
    cells: owners,
    writes: true,
    ...rest('post', '/api/rooms/{room_id}/members', {
      body: () => ({ user_id: `new-${uuidv7()}@example.com`, role: 'viewer' }),
    }),
  },
  {
    action: 'change a role',
    cells: owners,
    writes: true,
    ...rest('patch', '/api/rooms/{room_id}/members/{user_id}', {
      body: () => ({ role: 'viewer' }),
    }),
  },
  {
    action: 'remove a member',
    cells: owners,
    writes: true,
    ...rest('delete', '/api/rooms/{room_id}/members/{user_id}'),
  },
  {
    action: 'leave',
    cells: cells('yes', 'yes', 'yes', 'not found', 'no', 'no'),
    writes: true,
    ...rest('delete', '/api/rooms/{room_id}/members/{user_id}', {
      user: ({ caller }) => caller.user_id,
    }),
  },
  {
    action: 'give the room away',
    cells: owners,
    writes: true,
    ...rest('post', '/api/rooms/{room_id}/transfer-ownership', {
      body: ({ target }) => ({ user_id: target.user_id }),
    }),
  },

  {
    action: 'post to a person',
    cells: everybody,
    ...rest('post', oneWay, { body: toHost }),
  },
  {
    action: 'post many to a person',
    cells: everybody,
    ...rest('post', `${oneWay}/batch`, { body: (world) => [toHost(world)] }),
  },
  {
    action: 'see what became of what another posted',
    door: `get ${oneWay}/{tracking_id}`,
    cells: adminsElsewhereNobody,
    ask: async (world) => answerOf((await world.caller.get(await postedByHost(world))).status),
  },
  {
    action: 'send again what another posted',
    door: `post ${oneWay}/{tracking_id}/retry`,
    cells: adminsElsewhereNobody,
    ask: async (world) => {
      const { status } = await world.caller.post(`${await postedByHost(world)}/retry`)
      // It is not dead: who may is told so.
      return status === 409 ? 'yes' : answerOf(status)
    },
  },
  { action: 'list what one has posted', cells: everybody, ...rest('get', oneWay) },

  {
    action: 'see how the burst lane does',
    cells: adminsAlone,
    ...rest('get', '/api/admin/dispatch'),
  },
  {
    action: 'change the shards of the burst lane',
    cells: adminsAlone,
    ...rest('put', '/api/admin/dispatch', { body: () => ({ shards: 4 }) }),
  },
  {
    action: 'see the configuration',
    cells: adminsAlone,
    ...rest('get', '/api/admin/config'),
  },
  {
    action: 'change the configuration',
    cells: adminsAlone,
    ...rest('put', '/api/admin/config', { body: () => ({ values: {}, expected_version: 0 }) }),
  },
  {
    action: 'roll the configuration back',
    cells: adminsAlone,
    ...rest('post', '/api/admin/config/rollback', { body: () => ({ version: 0 }) }),
  },
  {
    action: 'see who changed the configuration',
    cells: adminsAlone,
    ...rest('get', '/api/admin/config/history'),
  },
  {
    action: 'give a person another tier',
    cells: adminsAlone,
    ...rest('patch', '/api/admin/users/{user_id}', { body: () => ({ tier: 'premium' }) }),
  },
  {
    action: 'see how the database does',
    cells: adminsAlone,
    ...rest('get', '/api/admin/database'),
  },
  { action: 'read the metrics', cells: adminsAlone, ...rest('get', '/metrics') },
  { action: 'see how all does', cells: adminsAlone, ...rest('get', '/api/admin/operations') },
  { action: 'see how it did', cells: adminsAlone, ...rest('get', '/api/admin/series') },
  { action: 'see what is wrong', cells: adminsAlone, ...rest('get', '/api/admin/alerts') },
  { action: 'see what was', cells: adminsAlone, ...rest('get', '/api/admin/alerts/history') },
  {
    action: 'acknowledge an alert',
    // There is none: who may is told so.
    cells: cells('no', 'no', 'no', 'not found', 'no', 'no'),
    ...rest('post', '/api/admin/alerts/{alert_id}/acknowledge'),
  },

  // Lists over rooms refuse nobody: the test looks at what is in them.
  { action: 'list rooms', cells: everybody, ...rest('get', '/api/rooms') },
  {
    action: 'search everywhere',
    cells: everybody,
    ...rest('get', '/api/messages/search', { query: '?q=said' }),
  },
  { action: 'list mentions', cells: everybody, ...rest('get', '/api/messages/mentions') },
  { action: 'read the inbox', cells: everybody, ...rest('get', '/api/inbox') },
]
