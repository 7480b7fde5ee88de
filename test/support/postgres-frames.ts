/**
 * The framing of the Postgres protocol (v3), as far as the fault proxy needs it: where a message
 * begins and ends, and which of them call the commit procedure or the burst's function.
 */

/** One message with its header, as it was on the wire. */
export type PostgresFrame = { readonly type: string; readonly bytes: Buffer }

/** The first message of a client has no type byte; the proxy calls it so. */
export const STARTUP = 'startup'

/** Cuts a stream into messages; a part of one waits for the rest. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)
  #isStarted: boolean

  constructor(side: 'client' | 'server') {
    this.#isStarted = side === 'server'
  }

  read(chunk: Buffer): PostgresFrame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const frames: PostgresFrame[] = []
    for (;;) {
      // A length counts itself, and not the type byte before it.
      const header = this.#isStarted ? 5 : 4
      if (this.#rest.length < header) return frames
      const length = this.#rest.readUInt32BE(header - 4) + header - 4
      if (this.#rest.length < length) return frames
      const bytes = this.#rest.subarray(0, length)
      frames.push({ type: this.#isStarted ? String.fromCharCode(bytes[0] ?? 0) : STARTUP, bytes })
      this.#rest = this.#rest.subarray(length)
      this.#isStarted = true
    }
  }
}

/** Finds the calls of the commit procedure among one client's messages. */
export class CommitCalls {
  /** Prepared statements of this connection that call it, by name. */
  readonly #names = new Set<string>()

  /** True for the message that starts a call: its Bind, or its text as a simple query. */
  isCall({ type, bytes }: PostgresFrame): boolean {
    if (type === 'Q') return isCommit(textAt(bytes, 5))
    if (type === 'P') {
      const name = textAt(bytes, 5)
      const query = textAt(bytes, 5 + Buffer.byteLength(name) + 1)
      if (isCommit(query)) this.#names.add(name)
      else this.#names.delete(name)
      return false
    }
    if (type !== 'B') return false
    const portal = textAt(bytes, 5)
    return this.#names.has(textAt(bytes, 5 + Buffer.byteLength(portal) + 1))
  }
}

/** The server's message that ends its answer. */
export function isReadyForQuery({ type }: PostgresFrame): boolean {
  return type === 'Z'
}

function isCommit(query: string): boolean {
  return /\b(CALL commit_room|SELECT commit_burst)\b/i.test(query)
}

/** A zero-terminated text. */
function textAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start)
  return bytes.toString('utf8', start, end === -1 ? bytes.length : end)
}
