/** Ports on the loopback interface: which one is free, and whether a wanted one is. */
import { createServer } from 'node:net'
import { pause } from './child-process.ts'

const portAttempts = 5
const portRetryMs = 300

/** Free at the moment of asking; whoever binds it must still cope with losing the race. */
export function freePort(): Promise<number> {
  return bind(0)
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
