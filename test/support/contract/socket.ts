/**
 * A socket that believes the AsyncAPI document: it looks up every frame that comes, and remembers
 * those that are not documented or not as documented.
 */
import { WebSocket } from 'ws'
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../../../src/protocol/version.ts'
import { schemasOf, type Json } from '../json-schemas.ts'
import { within } from '../wait.ts'
import { asyncApi, payloadOf, type SocketChannel } from './frames.ts'
import type { World } from './world.ts'

export type ContractSocket = {
  /** Of the documented examples; the ids are replaced. */
  send(example: Json | string): void
  /**
   * The first frame of one of these names that no earlier call returned.
   * @throws Error where none comes
   */
  next(names: readonly string[], isWanted?: (frame: Json) => boolean): Promise<Json>
  /** What came and is not in the document so. */
  readonly undocumented: readonly string[]
  close(): void
}

/** A heartbeat is 30 s apart. */
const patience_ms = 45_000

/** Closed: a frame with a field that is not documented is a wrong frame. */
const schemas = schemasOf(asyncApi, { dialect: 'draft-7', closed: true })

export const nameOf = ({ type, event }: Json): string =>
  typeof event === 'string' ? `${String(type)}.${event}` : String(type)

export async function connect(
  world: World,
  channel: SocketChannel,
  token: string,
  query: Readonly<Record<string, string>> = {},
): Promise<ContractSocket> {
  const address = new URL(world.real(channel.path), world.url.replace(/^http/, 'ws'))
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  const socket = new WebSocket(address, [SUBPROTOCOL, `${BEARER_SUBPROTOCOL_PREFIX}${token}`])
  const frames: Json[] = []
  const undocumented: string[] = []
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Json
    frames.push(frame)
    const name = nameOf(frame)
    const problem = channel.down.includes(name)
      ? schemas.problemWith(payloadOf(channel, name), frame)
      : 'it is not documented'
    if (problem !== undefined) undocumented.push(`${data.toString()}: ${problem}`)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    undocumented,
    send: (example) =>
      socket.send(typeof example === 'string' ? example : JSON.stringify(world.real(example))),
    next: async (names, isWanted = () => true) => {
      let found: Json | undefined
      await within(patience_ms, () => {
        found = frames.find((frame) => names.includes(nameOf(frame)) && isWanted(frame))
        return found !== undefined
      })
      if (found === undefined)
        throw new Error(`no ${names.join(' or ')}; there were: ${frames.map(nameOf).join(', ')}`)
      frames.splice(frames.indexOf(found), 1)
      return found
    },
    close: () => socket.terminate(),
  }
}
