/** The WebSockets of an object by the room's names for them, and their attachments. */
import { closeCodes } from '../protocol/close-codes.ts'
import { joinBatch } from '../protocol/codec.ts'
import { SUBPROTOCOL } from '../protocol/version.ts'

type Entry = { readonly socket: WebSocket; readonly batch: boolean }

export class Sockets {
  readonly #entries = new Map<string, Entry>()
  readonly #ids = new WeakMap<WebSocket, string>()

  add(id: string, socket: WebSocket, batch: boolean): void {
    this.#entries.set(id, { socket, batch })
    this.#ids.set(socket, id)
  }

  /** Undefined for a socket that this object no longer counts as its own (CONN-9). */
  idOf(socket: WebSocket): string | undefined {
    return this.#ids.get(socket)
  }

  /** @returns whether it was there */
  forget(id: string): boolean {
    return this.#entries.delete(id)
  }

  attach(id: string, attachment: object): void {
    this.#entries.get(id)?.socket.serializeAttachment(attachment)
  }

  send(id: string, texts: readonly string[]): void {
    this.broadcast([id], texts)
  }

  /** The hot loop: per socket one look-up and one send, of strings made once (LIM-4). */
  broadcast(ids: readonly string[], texts: readonly string[]): void {
    const [only] = texts
    const joined = texts.length === 1 && only !== undefined ? only : undefined
    let batch = joined
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (!entry) continue
      try {
        if (joined !== undefined) entry.socket.send(joined)
        else if (entry.batch) entry.socket.send((batch ??= joinBatch(texts)))
        else for (const text of texts) entry.socket.send(text)
      } catch {
        // Closed a moment ago; its close event is on the way and tells the room.
      }
    }
  }

  close(id: string, code: number, reason: string): void {
    const entry = this.#entries.get(id)
    this.#entries.delete(id)
    // Should the room wake before the client has answered, this is no socket of its own any more.
    entry?.socket.serializeAttachment(null)
    if (entry) hangUp(entry.socket, code, reason)
  }

  /** A socket that was accepted but never joined before its instance ended: it comes again. */
  turnAway(socket: WebSocket): void {
    hangUp(socket, closeCodes.restart, 'the room restarted')
  }
}

/** The answer to an upgrade; names the subprotocol where the client offered it. */
export const upgraded = (request: Request, client: WebSocket): Response => {
  const offered = request.headers.get('sec-websocket-protocol') ?? ''
  const isOffered = offered.split(',').some((name) => name.trim() === SUBPROTOCOL)
  const headers = isOffered ? { 'sec-websocket-protocol': SUBPROTOCOL } : undefined
  return new Response(null, { status: 101, webSocket: client, ...(headers && { headers }) })
}

const hangUp = (socket: WebSocket, code: number, reason: string): void => {
  try {
    socket.close(code, reason)
  } catch {
    // Closed already.
  }
}

/** What the object itself attached; undefined where it gave the socket up. */
export const attachmentIn = <Attachment>(socket: WebSocket): Attachment | undefined =>
  (socket.deserializeAttachment() as Attachment | null) ?? undefined

/** As RFC 6455 calls an end without a closing handshake. */
export const LINK_LOST = 1006

/** Codes that only report how a socket ended; none may travel in a close frame (RFC 6455, 7.4.1). */
const unsendable = [1005, 1006, 1015]

/**
 * The second half of the closing handshake: hibernatable sockets leave it to us, and without it
 * the client waits until its patience ends.
 */
export const replyToClose = (socket: WebSocket, code: number, reason: string): void => {
  try {
    if (unsendable.includes(code)) socket.close()
    else socket.close(code, reason)
  } catch {
    // The link itself is gone.
  }
}
