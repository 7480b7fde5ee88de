/**
 * A WebSocket client straight on a TCP socket, so that the client costs little of the machine that
 * it shares with the server it measures.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { FrameReader, pongFrame, textFrame } from './frame.ts'

export type WebSocketOptions = {
  port: number
  path: string
  headers: Record<string, string>
  /** The text lies in `buffer` between `start` and `end`, and only until the handler returns. */
  onText(buffer: Buffer, start: number, end: number): void
  /** The server closed it, or the connection broke; never after close(). */
  onLost(reason: string): void
}

// What is read is looked at before the next read, so all sockets of the process share one buffer.
const readBuffer = Buffer.alloc(256 * 1024)
const headEnd = '\r\n\r\n'

export class WebSocketClient {
  readonly #options: WebSocketOptions
  readonly #socket: Socket
  readonly #reader: FrameReader
  #head: string | undefined = ''
  #isOver = false
  readonly #opened = Promise.withResolvers<void>()

  constructor(options: WebSocketOptions) {
    this.#options = options
    this.#reader = new FrameReader({
      onText: options.onText,
      onPing: (payload) => this.#socket.write(pongFrame(payload)),
      onClose: (code) => this.#lose(`closed with ${code}`),
    })
    this.#socket = connect({
      host: '127.0.0.1',
      port: options.port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes) => {
          this.#read(readBuffer.subarray(0, bytes))
          return true
        },
      },
    })
    this.#socket.on('connect', () => this.#socket.write(this.#request()))
    this.#socket.on('error', (error) => this.#lose(error.message))
    this.#socket.on('close', () => this.#lose('the connection ended'))
  }

  /** Resolves after the upgrade. @throws Error with the server's answer when it refused. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  send(text: string): void {
    this.#socket.write(textFrame(text))
  }

  close(): void {
    this.#isOver = true
    this.#socket.destroy()
  }

  #request(): string {
    const { path, port, headers } = this.#options
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    return lines.join('\r\n') + headEnd
  }

  #read(chunk: Buffer): void {
    if (this.#isOver) return
    if (this.#head === undefined) return this.#reader.read(chunk)
    this.#head += chunk.toString('latin1')
    const end = this.#head.indexOf(headEnd)
    if (end === -1) return
    const answer = this.#head
    this.#head = undefined
    if (!answer.startsWith('HTTP/1.1 101')) return this.#lose(answer.slice(0, 500))
    this.#opened.resolve()
    const first = Buffer.from(answer.slice(end + headEnd.length), 'latin1')
    if (first.length > 0) this.#reader.read(first)
  }

  #lose(reason: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#socket.destroy()
    this.#opened.reject(new Error(reason))
    this.#options.onLost(reason)
  }
}
