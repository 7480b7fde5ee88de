/** The port through which the connection reaches a WebSocket, and the browser's one behind it. */

export type Socket = {
  send(data: string): void
  close(): void
}

export type SocketEvents = {
  message(data: unknown): void
  /** Called once, for every end: refused handshakes and lost networks come as 1006. */
  closed(code: number): void
}

export type OpenSocket = (path: string, events: SocketEvents) => Socket

/** Opens a socket to the page's own origin; the session cookie travels by itself (CONN-2). */
export const openBrowserSocket: OpenSocket = (path, events) => {
  const url = new URL(path, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  socket.addEventListener('message', (event) => events.message(event.data))
  socket.addEventListener('close', (event) => events.closed(event.code))
  return {
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data)
    },
    close: () => socket.close(),
  }
}
