/** The Socket.IO peer as the benchmark holds it: its process, and rooms full of raw clients. */
import { join } from 'node:path'
import { spawnTied, stopTied } from '../../dev/child-process.ts'
import type { Dialect } from '../load/dialect.ts'
import type { Driver, OpenCrowd } from '../load/driver.ts'
import { addPeerRoom, peerTables, type Queryable } from '../sql/five-statements.ts'

export type SocketIoServer = { port: number; stop(): Promise<void> }

/** Engine.IO 4 over a WebSocket: packets are text with a type in front. */
const socketIoDialect: Dialect = {
  message: '42["message",{"content":"$content","client_message_id":"$id"}]',
  hello: '40',
  ready: '42["ready"',
  ping: '2',
  pong: '3',
  sequence: '"sequence_number":',
}

let rooms = 0

export async function startSocketIo(database: {
  url: string
  client: Queryable
}): Promise<SocketIoServer> {
  await database.client.query(peerTables)
  const port = Promise.withResolvers<number>()
  const lines: string[] = []
  const child = await spawnTied({
    command: process.execPath,
    args: [join(import.meta.dirname, 'socket-io-process.ts')],
    env: { ...process.env, DATABASE_URL: database.url, NODE_ENV: 'production' },
    orphanSignal: 'KILL',
    onLine: (line) => {
      lines.push(line)
      const [, digits] = /^port (\d+)$/.exec(line) ?? []
      if (digits !== undefined) port.resolve(Number(digits))
    },
  })
  void child.exited.then(() => port.reject(new Error(`Socket.IO ended: ${lines.join('\n')}`)))
  return {
    port: await port.promise,
    stop: () => stopTied(child, { signal: 'SIGTERM', scope: 'child', patienceMs: 2_000 }),
  }
}

export async function openSocketIoRoom(
  driver: Driver,
  options: { port: number; sockets: number; client: Queryable },
): Promise<OpenCrowd> {
  rooms += 1
  const room = rooms
  await options.client.query(addPeerRoom, [room])
  return driver.open({
    port: options.port,
    dialect: socketIoDialect,
    seats: Array.from({ length: options.sockets }, (_, index) => ({
      path: `/socket.io/?EIO=4&transport=websocket&room=${room}&user=bench-${index}`,
      headers: {},
    })),
  })
}
