import { env, exports } from 'cloudflare:workers'
import { Pool, neonConfig } from '@neondatabase/serverless'
import { expect, test } from 'vitest'

test('RUN-2: the Worker answers in the Workers runtime', async () => {
  const response = await exports.default.fetch('http://muster/health')
  expect(response.status).toBe(200)
})

test('RUN-2: the Neon driver reaches the real Postgres through the bridge', async () => {
  const bindings = env as unknown as { DATABASE_URL: string; DATABASE_PROXY: string }
  neonConfig.wsProxy = (host, port) => `${bindings.DATABASE_PROXY}/v1?address=${host}:${port}`
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
  const pool = new Pool({ connectionString: bindings.DATABASE_URL })
  pool.on('error', () => {})
  const { rows } = await pool.query('SELECT current_database() AS name')
  await pool.end()
  expect(rows).toEqual([{ name: 'muster_workerd' }])
})
