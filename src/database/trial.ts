/** Whether Postgres answers at all, found out on one connection that is given up if it is silent. */
import type { Pool, PoolClient } from '@neondatabase/serverless'
import type { Client } from './client.ts'
import { ping } from './ping.ts'

const ignore = (): void => {}

export const answersWithin = async (pool: Pool, patience_ms: number): Promise<boolean> => {
  let client: PoolClient | undefined
  let isOver = false
  const silence = Promise.withResolvers<false>()
  const timer = setTimeout(() => {
    isOver = true
    client?.release(true)
    silence.resolve(false)
  }, patience_ms)
  const answer = pool.connect().then(async (connected) => {
    if (isOver) {
      connected.release()
      return false
    }
    client = connected
    client.on('error', ignore)
    await ping(client as Client)
    if (isOver) return false
    client.off('error', ignore)
    client.release()
    return true
  })
  answer.catch(ignore)
  try {
    return await Promise.race([answer, silence.promise])
  } catch {
    if (!isOver) client?.release(true)
    return false
  } finally {
    clearTimeout(timer)
  }
}
