/** Ports on the loopback interface: which one is free, and whether a wanted one is. */
import { createServer } from 'node:net'

/** Free at the moment of asking; whoever binds it must still cope with losing the race. */
export function freePort(): Promise<number> {
  return bind(0)
}

export async function isPortFree(port: number): Promise<boolean> {
  try {
    await bind(port)
    return true
  } catch {
    return false
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
