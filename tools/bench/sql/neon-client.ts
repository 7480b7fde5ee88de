/** The driver that the Worker uses, from Node and through the same bridge. */
import { Client } from '@neondatabase/serverless'
import { WebSocket } from 'ws'

/** @param proxy host:port of the bridge */
export async function connectNeon(url: string, proxy: string): Promise<Client> {
  const client = new Client(url)
  client.neonConfig.webSocketConstructor = WebSocket
  client.neonConfig.wsProxy = (host, port) => `${proxy}/v1?address=${host}:${port}`
  client.neonConfig.useSecureWebSocket = false
  client.neonConfig.pipelineTLS = false
  client.neonConfig.pipelineConnect = false
  client.neonConfig.coalesceWrites = false
  await client.connect()
  return client
}
