/**
 * WebSocket frames on the wire (RFC 6455), only as far as a load client needs them: unfragmented
 * text, close, ping and pong, no extensions.
 */

export type FrameHandlers = {
  /** The text lies in `buffer` between `start` and `end`, and only until the handler returns. */
  onText(buffer: Buffer, start: number, end: number): void
  onPing(payload: Buffer): void
  onClose(code: number): void
}

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const
const noCode = 1005
const maskBytes = 4

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  readonly #handlers: FrameHandlers
  #rest: Buffer = Buffer.alloc(0)

  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers
  }

  /** The chunk may be overwritten as soon as this returns. @throws Error on a foreign frame. */
  read(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (data.length - at >= 2) {
      const short = (data[at + 1] ?? 0) & 0x7f
      const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10
      if (data.length - at < headerBytes) break
      const length =
        short < 126
          ? short
          : short === 126
            ? data.readUInt16BE(at + 2)
            : Number(data.readBigUInt64BE(at + 2))
      const start = at + headerBytes
      const end = start + length
      if (end > data.length) break
      this.#handle(data, { first: data[at] ?? 0, start, end })
      at = end
    }
    this.#rest = at === data.length ? Buffer.alloc(0) : Buffer.from(data.subarray(at))
  }

  #handle(data: Buffer, frame: { first: number; start: number; end: number }): void {
    const { first, start, end } = frame
    if ((first & 0xf0) !== 0x80) throw new Error('The server fragments or compresses.')
    switch (first & 0x0f) {
      case opcodes.text:
        return this.#handlers.onText(data, start, end)
      case opcodes.ping:
        return this.#handlers.onPing(Buffer.from(data.subarray(start, end)))
      case opcodes.close:
        return this.#handlers.onClose(end - start >= 2 ? data.readUInt16BE(start) : noCode)
      case opcodes.pong:
        return
      default:
        throw new Error(`The server sends frames of opcode ${first & 0x0f}.`)
    }
  }
}

export const textFrame = (text: string): Buffer => clientFrame(opcodes.text, Buffer.from(text))

export const pongFrame = (payload: Buffer): Buffer => clientFrame(opcodes.pong, payload)

/** A client must mask. The mask of zeros is a mask, and leaves the payload as it is. */
const clientFrame = (opcode: number, payload: Buffer): Buffer => {
  const isShort = payload.length < 126
  if (payload.length > 0xffff) throw new Error('The load client sends no frame over 64 KiB.')
  const headerBytes = isShort ? 2 : 4
  const frame = Buffer.alloc(headerBytes + maskBytes + payload.length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (isShort ? payload.length : 126)
  if (!isShort) frame.writeUInt16BE(payload.length, 2)
  payload.copy(frame, headerBytes + maskBytes)
  return frame
}
