/**
 * What the contract test must know of single frames besides their documentation: what goes before
 * an example so that it fits, and how a frame down is brought about that answers no frame up.
 */
import { cast } from '../../../src/http/documented-cast.ts'
import { pause } from '../../../tools/dev/child-process.ts'
import { CONTENT_MAX_LENGTH } from '../../../src/protocol/limits.ts'
import type { Json } from '../json-schemas.ts'
import { tokenFor } from '../people.ts'
import { inboxScenes } from './inbox-scenes.ts'
import type { ContractSocket } from './socket.ts'
import type { Role, World } from './world.ts'

const { message_id, lin } = cast
const emoji = '👍'
/** Longer than a room takes to call the database away. */
const commitWaitsMs = 3_000
const room = `/api/rooms/${cast.room_id}`

/** By the channel: what a socket may send first, so that it hears all from then on. */
export const firstFrames: Readonly<Record<string, Json>> = {
  room: { type: 'presence', state: 'active' },
}

/** By the exchange: what the same socket sends first, and what the others hear of that. */
export const framesBefore: Readonly<Record<string, { readonly frame: Json; heard: string }>> = {
  'room.receive.remove_reaction': {
    frame: { type: 'add_reaction', message_id, emoji },
    heard: 'reaction_added',
  },
  'room.receive.unpin_message': {
    frame: { type: 'pin_message', message_id },
    heard: 'message_pinned',
  },
  'room.receive.typing/1': { frame: { type: 'typing' }, heard: 'typing' },
  'room.receive.presence/1': { frame: { type: 'presence', state: 'idle' }, heard: 'presence' },
}

export type Stage = {
  readonly world: World
  /** A new socket, welcomed. */
  join(who: Role | { token: string }, query?: Record<string, string>): Promise<ContractSocket>
}

/** By channel and frame down: makes it come, and says to whom. */
export type Scene = (stage: Stage) => Promise<ContractSocket>

/** Somebody is there, and Mei does something. */
const meiCalls =
  (method: string, path: string, body?: Json): Scene =>
  async ({ world, join }) => {
    const socket = await join('mei')
    await world.prepare('mei', method, path, body)
    return socket
  }

const tokenEndsSoon: Scene = async ({ world, join }) =>
  join(await tokenFor(world.real(cast.mei), '40 seconds'))

const unreadable: Scene = async ({ join }) => {
  const socket = await join('mei')
  socket.send('not JSON')
  return socket
}

/** A commit that waits for longer than a moment: nobody can be told that it will be written. */
const commitWaits: Scene = async ({ world, join }) => {
  const socket = await join('mei')
  const holder = await world.pool.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT FROM incident_rooms WHERE room_id = $1 FOR UPDATE', [world.room_id])
  socket.send({ type: 'message', content: 'Is it written?' })
  void pause(commitWaitsMs)
    .then(() => holder.query('ROLLBACK'))
    .finally(() => holder.release())
  return socket
}

const addLin = { user_id: lin, role: 'editor' }

export const scenes: Readonly<Record<string, Scene>> = {
  ...inboxScenes,
  'room.welcome': ({ join }) => join('mei'),
  'room.system.room_created': ({ join }) => join('mei', { since_revision: '0' }),
  'room.system.room_updated': meiCalls('PATCH', room, { status: 'resolved' }),
  'room.system.member_added': async ({ world, join }) => {
    await world.prepare('mei', 'DELETE', `${room}/members/${lin}`)
    return meiCalls('POST', `${room}/members`, addLin)({ world, join })
  },
  'room.system.member_role_changed': meiCalls('PATCH', `${room}/members/${lin}`, {
    role: 'viewer',
  }),
  'room.system.member_removed': meiCalls('DELETE', `${room}/members/${lin}`),
  'room.system.user_joined': async ({ join }) => {
    const socket = await join('mei')
    await join('lin')
    return socket
  },
  'room.system.user_left': async ({ join }) => {
    const socket = await join('mei')
    const other = await join('lin')
    other.close()
    return socket
  },
  /** A client that is ahead of the room starts over. */
  'room.snapshot': ({ join }) => join('mei', { since_revision: '1000' }),
  /** A client that was told a lot is asked whether it keeps up (CONN-10). */
  'room.ping': async ({ join }) => {
    const socket = await join('mei')
    for (let told = 0; told < 20; told += 1)
      socket.send({ type: 'message', content: 'x'.repeat(CONTENT_MAX_LENGTH) })
    return socket
  },
  'room.degraded': commitWaits,
  'room.auth_required': tokenEndsSoon,
  'inbox.auth_required': tokenEndsSoon,
  'room.error': unreadable,
  'inbox.error': unreadable,
}
