/**
 * The driver's WebSocket, with all that is written in one turn sent as one message. The driver
 * writes a query in four parts (Bind, Describe, Execute, Sync); sent singly, each would be a
 * message, a system call and an event of the proxy of its own. And after a farewell it waits for
 * the server to close: only then has Postgres let go of the connection.
 */

/** The message Terminate of the Postgres protocol. */
const farewell = 'X'.charCodeAt(0)
const farewellBytes = 5

/** A server that does not close for so long after a farewell is not waited for. */
const lingerMs = 1_000

export class GatheringSocket extends WebSocket {
  #parts: Uint8Array[] = []
  #hasBidFarewell = false

  override send(data: Parameters<WebSocket['send']>[0]): void {
    // One that is not open throws, as it would have.
    if (!(data instanceof Uint8Array) || this.readyState !== WebSocket.OPEN) {
      this.#flush()
      super.send(data)
      return
    }
    this.#hasBidFarewell = data.length === farewellBytes && data[0] === farewell
    if (this.#parts.push(data) === 1) queueMicrotask(() => this.#flush())
  }

  override close(code?: number, reason?: string): void {
    this.#flush()
    if (!this.#hasBidFarewell || this.readyState !== WebSocket.OPEN) {
      super.close(code, reason)
      return
    }
    this.#hasBidFarewell = false
    const closes = () => super.close(code, reason)
    const timer = setTimeout(closes, lingerMs)
    this.addEventListener('close', () => {
      clearTimeout(timer)
      closes()
    })
  }

  #flush(): void {
    const parts = this.#parts
    if (parts.length === 0 || this.readyState !== WebSocket.OPEN) return
    this.#parts = []
    super.send(joined(parts))
  }
}

const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
