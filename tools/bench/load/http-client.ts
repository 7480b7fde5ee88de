/**
 * Requests over one connection that is kept, straight on a TCP socket. They are written at once,
 * one behind the other; the answers come in the same order.
 */
import { connect, type Socket } from 'node:net'

export type Answer = { status: number; body: string }

const headEnd = '\r\n\r\n'

export class HttpClient {
  readonly #socket: Socket
  readonly #waiting: ((answer: Answer | Error) => void)[] = []
  readonly #opened = Promise.withResolvers<void>()
  #rest: Buffer = Buffer.alloc(0)
  #failure: Error | undefined

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.#socket.on('connect', () => this.#opened.resolve())
    this.#socket.on('data', (chunk) => this.#read(chunk))
    this.#socket.on('error', (error) => this.#lose(error))
    this.#socket.on('close', () => this.#lose(new Error('The server closed the connection.')))
  }

  get opened(): Promise<void> {
    return this.#opened.promise
  }

  /** `done` hears the answer, or why there is none. */
  send(request: Buffer, done: (answer: Answer | Error) => void): void {
    if (this.#failure) return done(this.#failure)
    this.#waiting.push(done)
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (;;) {
      const cut = cutAnswer(this.#rest)
      if (cut === undefined) return
      this.#rest = this.#rest.subarray(cut.bytes)
      this.#waiting.shift()?.(cut.answer)
    }
  }

  #lose(error: Error): void {
    this.#failure ??= error
    this.#opened.reject(error)
    for (const done of this.#waiting.splice(0)) done(error)
  }
}

/** A POST, as bytes. */
export const postRequest = (request: {
  port: number
  path: string
  headers: Record<string, string>
  body: string
}): Buffer => {
  const { port, path, headers, body } = request
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(lines.join('\r\n') + headEnd + body)
}

/** The first answer of what was read; undefined: it is not whole yet. */
const cutAnswer = (data: Buffer): { answer: Answer; bytes: number } | undefined => {
  const end = data.indexOf(headEnd)
  if (end === -1) return undefined
  const head = data.toString('latin1', 0, end)
  const start = end + headEnd.length
  const status = Number(head.slice(9, 12))
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const bytes = start + Number(length)
    if (data.length < bytes) return undefined
    return { answer: { status, body: data.toString('utf8', start, bytes) }, bytes }
  }
  const chunks: string[] = []
  for (let at = start; ;) {
    const line = data.indexOf('\r\n', at)
    if (line === -1) return undefined
    const size = Number.parseInt(data.toString('latin1', at, line), 16)
    const next = line + 2 + size + 2
    if (data.length < next) return undefined
    if (size === 0) return { answer: { status, body: chunks.join('') }, bytes: next }
    chunks.push(data.toString('utf8', line + 2, line + 2 + size))
    at = next
  }
}
