/** Ports on the loopback interface: which one is free, and whether a wanted one is. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { pause } from './child-process.ts'

const portAttempts = 5
const portRetryMs = 300

/**
 * Where systems give no port to a connection that goes out: what is free there stays so until it is
 * bound, seconds later, unless somebody picks the same.
 */
const lowestPort = 10_240
const highestPort = 32_767
const pickAttempts = 50

/** Free at the moment of asking. @throws Error of the last attempt */
export async function freePort(): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bind(randomInt(lowestPort, highestPort + 1))
    } catch (error) {
      if (attempt === pickAttempts) throw error
    }
  }
}

/** Asks again for a moment: what held it may be dying just now. */
export async function isPortFree(port: number): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await bind(port)
      return true
    } catch {
      if (attempt === portAttempts) return false
      await pause(portRetryMs)
    }
  }
}

function bind(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No port was bound.'))
        else resolve(address.port)
      })
    })
  })
}
