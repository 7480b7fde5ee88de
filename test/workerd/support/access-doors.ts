/** How a question of the access matrix is put: one REST call, or one frame on a socket. */
import { send } from '../http-client.ts'
import { readMark, type AccessWorld } from './access-world.ts'
import { connect, upgrade } from './socket.ts'

/** `yes`: it is done or shown. `no`: 403, or the frame `error forbidden`. */
export type Answer = 'yes' | 'no' | 'not found'

export type Ask = (world: AccessWorld) => Promise<Answer>

export const answerOf = (status: number): Answer => {
  if (status >= 200 && status < 300) return 'yes'
  if (status === 403) return 'no'
  if (status === 404) return 'not found'
  throw new Error(`neither yes nor no: ${status}`)
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** One REST call; `{…}` in its path is filled in from the world. */
export const rest = (
  method: Method,
  path: string,
  options: {
    readonly of?: 'theirs' | 'mine'
    readonly body?: (world: AccessWorld) => unknown
    readonly query?: string
    readonly user?: (world: AccessWorld) => string
  } = {},
): { readonly door: string; readonly ask: Ask } => ({
  door: `${method} ${path}`,
  ask: async (world) => {
    const place = path
      .replace('{room_id}', world.room_id)
      .replace('{message_id}', world[options.of ?? 'theirs'].message_id)
      .replace('{file_id}', world.file_id)
      .replace('{alert_id}', '0198d7f7-20b3-7d44-8a6c-a2e1d4f8a113')
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

export const enter = async ({ caller, room_id }: AccessWorld): Promise<Answer> => {
  const response = await upgrade(caller, room_id)
  response.webSocket?.accept()
  response.webSocket?.close()
  return response.status === 101 ? 'yes' : answerOf(response.status)
}

type Frame = Readonly<Record<string, unknown>> & { readonly type: string }

/** One frame on the room's socket; who is not let in gets nothing done there. */
export const frame = (make: (world: AccessWorld) => Frame): { readonly ask: Ask } => ({
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
export const hasReadIt = async ({ caller, room_id }: AccessWorld): Promise<Answer> => {
  for (;;) {
    const mark = await readMark(room_id, caller.user_id)
    if (mark === undefined) return 'no'
    if (mark > 0) return 'yes'
    await scheduler.wait(50)
  }
}

export const at = (what: Frame, of: 'theirs' | 'mine' = 'theirs') =>
  frame((world) => ({ ...what, message_id: world[of].message_id }))
