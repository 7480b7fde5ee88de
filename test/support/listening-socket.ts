/** A socket that only listens, and types where it is told to: also what may be lost is written down. */
import { WebSocket } from 'ws'
import { decodeDown } from '../../src/protocol/decode-down.ts'
import type { DownFrame } from '../../src/protocol/down.ts'
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../../src/protocol/version.ts'
import type { Person } from './people.ts'

export class ListeningSocket {
  readonly frames: DownFrame[] = []
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      for (const frame of decodeDown(data.toString())) {
        this.frames.push(frame)
        if (frame.type === 'ping') this.send({ type: 'pong' })
      }
    })
  }

  static async open(options: {
    readonly url: string
    readonly room_id: string
    readonly person: Person
  }): Promise<ListeningSocket> {
    const address = `${options.url.replace(/^http/, 'ws')}/ws/${options.room_id}`
    const protocols = [SUBPROTOCOL, `${BEARER_SUBPROTOCOL_PREFIX}${options.person.token}`]
    const socket = new WebSocket(address, protocols, { perMessageDeflate: false })
    const listening = new ListeningSocket(socket)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return listening
  }

  of<Type extends DownFrame['type']>(type: Type): (DownFrame & { type: Type })[] {
    return this.frames.filter((frame): frame is DownFrame & { type: Type } => frame.type === type)
  }

  send(frame: unknown): void {
    this.#socket.send(JSON.stringify(frame))
  }

  close(): void {
    this.#socket.close()
  }
}
