/**
 * Who may do what, through which door (SEC-2): the one table from which the tests of access are
 * made. A row is an action at one entry point; a cell is what each standing gets there.
 */
import { send } from '../http-client.ts'
import { readMark, someId, upload, type AccessWorld, type StandingName } from './access-world.ts'
import { connect, connectInbox, upgrade } from './socket.ts'

/** `yes`: it is done or shown. `no`: 403, or the frame `error forbidden`. */
export type Answer = 'yes' | 'no' | 'not found'

export type Row = {
  readonly action: string
  /** The REST operation as the OpenAPI document names it, or the socket's frame. */
  readonly door: string
  readonly ask: (world: AccessWorld) => Promise<Answer>
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

const answerOf = (status: number): Answer => {
  if (status >= 200 && status < 300) return 'yes'
  if (status === 403) return 'no'
  if (status === 404) return 'not found'
  throw new Error(`neither yes nor no: ${status}`)
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** One REST call; `{…}` in its path is filled in from the world. */
const rest = (
  method: Method,
  path: string,
  options: {
    readonly of?: 'theirs' | 'mine'
    readonly body?: (world: AccessWorld) => unknown
    readonly query?: string
    readonly user?: (world: AccessWorld) => string
  } = {},
): Pick<Row, 'door' | 'ask'> => ({
  door: `${method} ${path}`,
  ask: async (world) => {
    const place = path
      .replace('{room_id}', world.room_id)
      .replace('{message_id}', world[options.of ?? 'theirs'].message_id)
      .replace('{file_id}', world.file_id)
      .replace('{emoji}', encodeURIComponent('👍'))
      .replace('{user_id}', encodeURIComponent(options.user?.(world) ?? world.target.user_id))
    const response = await send(`${place}${options.query ?? ''}`, {
      method: method.toUpperCase(),
      headers: {
        authorization: `Bearer ${world.caller.token}`,
        ...(options.body && { 'content-type': 'application/json' }),
      },
      ...(options.body && { body: JSON.stringify(options.body(world)) }),
    })
    await response.body?.cancel()
    return answerOf(response.status)
  },
})

const enter = async ({ caller, room_id }: AccessWorld): Promise<Answer> => {
  const response = await upgrade(caller, room_id)
  response.webSocket?.accept()
  response.webSocket?.close()
  return response.status === 101 ? 'yes' : answerOf(response.status)
}

type Frame = Readonly<Record<string, unknown>> & { readonly type: string }

/** One frame on the room's socket; who is not let in gets nothing done there. */
const frame = (make: (world: AccessWorld) => Frame): Pick<Row, 'ask'> => ({
  ask: async (world) => {
    const entry = await enter(world)
    if (entry !== 'yes') return entry
    const socket = await connect(world.caller, world.room_id)
    socket.send({ ...make(world), ref: 'asked' })
    const answer = await Promise.any([
      socket.next('ack', ({ ref }) => ref === 'asked'),
      socket.next('change_ack', ({ ref }) => ref === 'asked'),
      socket.next('error', ({ ref }) => ref === 'asked'),
    ])
    socket.close()
    if (answer.type !== 'error') return 'yes'
    if (answer.code === 'forbidden') return 'no'
    if (answer.code === 'not_found') return 'not found'
    throw new Error(`neither yes nor no: ${answer.code}`)
  },
})

/** The mark of one who is no member has no place to be; of a member it moves in a moment. */
const hasReadIt = async ({ caller, room_id }: AccessWorld): Promise<Answer> => {
  for (;;) {
    const mark = await readMark(room_id, caller.user_id)
    if (mark === undefined) return 'no'
    if (mark > 0) return 'yes'
    await scheduler.wait(50)
  }
}

const at = (what: Frame, of: 'theirs' | 'mine' = 'theirs') =>
  frame((world) => ({ ...what, message_id: world[of].message_id }))

const message = '/api/rooms/{room_id}/messages/{message_id}'
const text = { content: 'words', message_type: 'text', mentions: [], reply_to: null }

/** Frames that ask for nothing a person could be refused. */
export const framesWithoutAccess = ['resume', 'auth', 'ping', 'pong', 'typing', 'presence']

/** Operations that are about no room, or about the caller alone. */
export const doorsWithoutAccess = [
  ...['post /api/auth/dev-login', 'get /api/auth/dev-people', 'post /api/auth/logout'],
  ...['get /api/me', 'post /api/rooms', 'get /health', 'get /health/ready', 'get /ws'],
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
      body: () => ({ user_id: `new-${someId()}@example.com`, role: 'viewer' }),
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
    action: 'see how the database does',
    cells: adminsAlone,
    ...rest('get', '/api/admin/database'),
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
