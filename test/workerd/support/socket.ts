/** A client of a room's socket: sends frames, waits for frames, answers pings unless told not to. */
import { decodeDown } from '../../../src/protocol/decode-down.ts'
import type { DownFrame } from '../../../src/protocol/down.ts'
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { Problem } from '../../../src/protocol/errors.ts'
import { send, type Caller } from '../http-client.ts'

type AnyFrame = DownFrame | InboxDownFrame

type FrameOf<Frame extends AnyFrame, Type> = Extract<Frame, { type: Type }>

export type TestSocket<Frame extends AnyFrame = DownFrame> = {
  /** All frames that came, in order. */
  readonly frames: Frame[]
  /** WebSocket messages that came; with `?batch=1` one may hold several frames. */
  readonly texts: string[]
  readonly closed: Promise<{ code: number; reason: string }>
  send(frame: unknown): void
  say(content: string, client_message_id?: string): void
  /** The first frame like this that no earlier `next` returned; it may have come already. */
  next<Type extends Frame['type']>(
    type: Type,
    isWanted?: (frame: FrameOf<Frame, Type>) => boolean,
  ): Promise<FrameOf<Frame, Type>>
  close(code?: number, reason?: string): void
}

export type ConnectOptions = {
  readonly query?: string
  readonly headers?: Record<string, string>
  readonly answersPings?: boolean
}

const patienceMs = 15_000

export const upgrade = (
  caller: Caller | undefined,
  room_id: string,
  options: ConnectOptions = {},
): Promise<Response> => upgradeAt(caller, `/ws/${room_id}`, options)

export const upgradeAt = (
  caller: Caller | undefined,
  path: string,
  { query = '', headers = {} }: ConnectOptions = {},
): Promise<Response> =>
  send(`${path}${query}`, {
    headers: {
      upgrade: 'websocket',
      ...(caller && { authorization: `Bearer ${caller.token}` }),
      ...headers,
    },
  })

/** @throws Error where the upgrade is refused */
export const connect = async (
  caller: Caller,
  room_id: string,
  options: ConnectOptions = {},
): Promise<TestSocket> => open(await upgrade(caller, room_id, options), options)

/** The person's own socket. */
export const connectInbox = async (
  caller: Caller,
  options: ConnectOptions = {},
): Promise<TestSocket<InboxDownFrame>> => open(await upgradeAt(caller, '/ws', options), options)

const open = async <Frame extends AnyFrame>(
  response: Response,
  options: ConnectOptions,
): Promise<TestSocket<Frame>> => {
  if (!response.webSocket) {
    const problem = await response.json<Problem>()
    throw new Error(`no upgrade: ${response.status} ${problem.detail}`)
  }
  return wrap(response.webSocket, options.answersPings ?? true)
}

const wrap = <Frame extends AnyFrame>(
  webSocket: WebSocket,
  answersPings: boolean,
): TestSocket<Frame> => {
  const frames: Frame[] = []
  const texts: string[] = []
  const taken = new Set<Frame>()
  const waiting = new Set<() => void>()
  const closing = Promise.withResolvers<{ code: number; reason: string }>()
  let isOpen = true

  webSocket.addEventListener('message', ({ data }) => {
    texts.push(String(data))
    for (const frame of decodeDown(data) as unknown as Frame[]) {
      frames.push(frame)
      if (frame.type === 'ping' && answersPings && isOpen) webSocket.send('{"type":"pong"}')
    }
    for (const look of waiting) look()
  })
  webSocket.addEventListener('close', ({ code, reason }) => {
    isOpen = false
    closing.resolve({ code, reason })
  })
  webSocket.accept()

  const socket: TestSocket<Frame> = {
    frames,
    texts,
    closed: closing.promise,
    send: (frame) => {
      if (isOpen) webSocket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    },
    say: (content, client_message_id = crypto.randomUUID()) =>
      socket.send({ type: 'message', content, client_message_id }),
    next: (type, isWanted = () => true) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look)
          const came = frames.map((frame) => ('event' in frame ? frame.event : frame.type))
          reject(new Error(`no ${type} came; there were: ${came.join(', ')}`))
        }, patienceMs)
        const look = () => {
          const found = frames.find(
            (frame): frame is FrameOf<Frame, typeof type> =>
              frame.type === type &&
              !taken.has(frame) &&
              isWanted(frame as FrameOf<Frame, typeof type>),
          )
          if (!found) return
          taken.add(found)
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    close: (code, reason) => {
      if (isOpen) webSocket.close(code, reason)
      isOpen = false
    },
  }
  return socket
}

/** Welcomed, and past the moment in which it might still ask for a replay. */
export const join = async (
  caller: Caller,
  room_id: string,
  options: ConnectOptions = {},
): Promise<TestSocket> => {
  const socket = await connect(caller, room_id, options)
  await socket.next('welcome')
  socket.send({ type: 'presence', state: 'active' })
  return socket
}

/** Sequence numbers of the messages a socket was told, in the order they came. */
export const sequencesOf = ({ frames }: TestSocket): number[] =>
  frames.flatMap((frame) => (frame.type === 'message' ? [frame.message.sequence_number] : []))

export const revisionsOf = ({ frames }: TestSocket): number[] =>
  frames.flatMap((frame) => ('revision' in frame && frame.type !== 'ack' ? [frame.revision] : []))
