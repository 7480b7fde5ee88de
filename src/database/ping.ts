/** Whether the database answers at all. */
import type { Client } from './client.ts'

export const ping = async (client: Client): Promise<null> => {
  await client.query({ name: 'ping', text: 'SELECT 1' })
  return null
}
