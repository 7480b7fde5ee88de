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

/** The end cut off, with all counters put back: the rows alone are a whole record again. */
export const cutTail = (room_id: string, from: number): Promise<void> =>
  inSession(async (client) => {
    const args = [room_id, from]
    await client.query('DELETE FROM messages WHERE room_id = $1 AND revision >= $2', args)
    await client.query('DELETE FROM room_revisions WHERE room_id = $1 AND revision >= $2', args)
    await client.query(
      `UPDATE incident_rooms r SET last_revision = v.revision, last_hash = v.hash,
          last_activity_at = v.at, last_sequence = r.last_sequence - (r.last_revision - v.revision)
        FROM room_revisions v WHERE r.room_id = $1 AND v.room_id = $1 AND v.revision = $2 - 1`,
      args,
    )
  })
