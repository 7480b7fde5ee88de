/**
 * Stands in front of Postgres and counts what clients ask of it. A round trip is a message after
 * which a client must wait for an answer: a Sync, or a simple Query.
 */
import { connect, createServer } from 'node:net'

export type WireCounter = {
  port: number
  read(): WireCounts
  stop(): Promise<void>
}

export type WireCounts = {
  roundTrips: number
  /** Calls of the procedure that commits: executions of that prepared statement. */
  commitCalls: number
}

const sync = 'S'.charCodeAt(0)
const query = 'Q'.charCodeAt(0)
const bind = 'B'.charCodeAt(0)
/** The unnamed portal, then the statement's name. */
const commitCall = Buffer.from('\0commit-room\0')

export async function startWireCounter(postgresPort: number): Promise<WireCounter> {
  const counts: WireCounts = { roundTrips: 0, commitCalls: 0 }
  const server = createServer((client) => {
    const postgres = connect({ host: '127.0.0.1', port: postgresPort, noDelay: true })
    const count = messageCounter(counts)
    client.setNoDelay(true)
    client.on('data', (chunk) => {
      count(chunk)
      postgres.write(chunk)
    })
    postgres.pipe(client)
    for (const [one, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The counter has no port.')
  return {
    port: address.port,
    read: () => ({ ...counts }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
      }),
  }
}

/** Reads the messages of one connection; only the first has no type in front of its length. */
function messageCounter(counts: WireCounts): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let isStarted = false
  return (chunk) => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (;;) {
      const typeBytes = isStarted ? 1 : 0
      if (data.length - at < typeBytes + 4) break
      const end = at + typeBytes + data.readInt32BE(at + typeBytes)
      if (end > data.length) break
      if (isStarted) {
        const type = data[at]
        if (type === sync || type === query) counts.roundTrips += 1
        const called = data.subarray(at + 5, at + 5 + commitCall.length)
        if (type === bind && called.equals(commitCall)) counts.commitCalls += 1
      }
      isStarted = true
      at = end
    }
    rest = data.subarray(at)
  }
}
