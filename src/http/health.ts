/** Is this Worker alive, and can it serve (OPS-1)? */
import { success } from '../lib/outcome.ts'
import { Health, Readiness } from '../protocol/health.ts'
import { publicEndpoint, type Endpoint } from './endpoint.ts'
import { readReadiness } from './readiness.ts'

const live = publicEndpoint({
  method: 'get',
  path: '/health',
  tag: 'health',
  summary: 'Is it alive?',
  description: 'Touches neither the database nor any room.',
  success: { status: 200, description: 'Alive', schema: Health },
  refuses: [],
  handle: async () => success({ status: 'ok' as const }),
})

const ready: Endpoint = {
  method: 'get',
  path: '/health/ready',
  tag: 'health',
  summary: 'Can it serve?',
  description:
    'Asks the database, and tells what its connections do, which circuits are open, how full the ' +
    'buffers are and what is left out under pressure. Only the database makes it not ready, away or ' +
    'with `fsync` or `synchronous_commit` off: 503 with reasons. Circuits of outside services and buffers may be some seconds old.',
  is_public: true,
  success: { status: 200, description: 'Ready', schema: Readiness },
  refuses: [],
  run: async (context) => {
    const readiness = await readReadiness(context.env)
    return context.json(readiness, readiness.status === 'ready' ? 200 : 503)
  },
}

export const healthEndpoints: readonly Endpoint[] = [live, ready]
