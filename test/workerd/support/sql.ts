/** A session of its own in the database of the Worker under test. */
import { Client, neonConfig } from '@neondatabase/serverless'
import { bindings } from './bindings.ts'

/** Runs `work` with a session that is no part of any pool. */
export const inSession = async <Value>(
  work: (client: Client) => Promise<Value>,
): Promise<Value> => {
  neonConfig.wsProxy = (host, port) => `${bindings.DATABASE_PROXY}/v1?address=${host}:${port}`
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
  const client = new Client(bindings.DATABASE_URL)
  // The bridge hangs up first when it ends.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
