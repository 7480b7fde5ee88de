/** How the Neon driver is used here: over one WebSocket per connection, and never over HTTP. */
import { neonConfig } from '@neondatabase/serverless'
import { GatheringSocket } from './gathering-socket.ts'

/** @param proxy host:port of a local bridge; undefined: Neon's own proxy */
export const configureDriver = (proxy: string | undefined): void => {
  // A query over HTTP would not count against the pool's limits.
  neonConfig.poolQueryViaFetch = false
  neonConfig.webSocketConstructor = GatheringSocket
  // The driver's own way to gather writes waits for a timer; the socket waits for nothing.
  neonConfig.coalesceWrites = false
  if (proxy === undefined) return
  neonConfig.wsProxy = (host, port) => `${proxy}/v1?address=${host}:${port}`
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
}
