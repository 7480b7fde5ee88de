/** How many shards the burst lane has, and what each of them holds (DISP-8). Admins only. */
import { dispatchLayout } from '../durable/dispatch-layout.ts'
import { controlStub, dispatchStub } from '../durable/stubs.ts'
import type { Layout } from '../domain/dispatch/layout.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import type { BufferFigures } from '../protocol/health.ts'
import { ChangeDispatch, DispatchFigures, DispatchLayout } from '../protocol/one-way.ts'
import { log } from '../telemetry/log.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { operating } from './operating.ts'

const path = '/api/admin/dispatch'
const tag = 'admin'

const figures = endpoint({
  method: 'get',
  path,
  tag,
  summary: 'What the shards of the burst lane hold',
  description: 'Also those of former layouts, which take nothing new. Admins only.',
  success: { status: 200, description: 'The layout and its shards', schema: DispatchFigures },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ env, caller }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const layout = await fromControl(() => dispatchLayout(env))
    if (!layout.ok) return layout
    const shards = await Promise.all(
      Array.from({ length: layout.value.known_shards }, async (_, shard) => ({
        shard,
        figures: await figuresOf(env, shard),
      })),
    )
    return success({ layout: wireLayout(layout.value), shards })
  },
})

const change = endpoint({
  method: 'put',
  path,
  tag,
  summary: 'Change how many shards take new messages',
  description:
    'In force some seconds later, when everybody knows it. Nothing is lost, and messages of one ' +
    'sender to one recipient keep their order. Admins only.',
  body: ChangeDispatch,
  success: { status: 200, description: 'The layout to come', schema: DispatchLayout },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ context, env, caller, body: { shards } }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const changed = await fromControl(async () => controlStub(env).changeShards(shards))
    if (!changed.ok) return changed
    const request_id = context.get('request_id')
    const { user_id } = caller
    log.info('dispatch_changed', { request_id, user_id, shards })
    return success(wireLayout(changed.value))
  },
})

const figuresOf = async (env: Env, shard: number): Promise<BufferFigures | null> => {
  try {
    return await dispatchStub(env, shard).figures()
  } catch {
    return null
  }
}

const fromControl = async (ask: () => Promise<Layout>): Promise<Outcome<Layout>> => {
  try {
    return success(await ask())
  } catch {
    return failure(refusal('unavailable', 'the layout cannot be read now', 1_000))
  }
}

const wireLayout = ({ epoch, shards, effective_at, former }: Layout): DispatchLayout => ({
  epoch,
  shards,
  effective_at: new Date(effective_at).toISOString(),
  former: former.map((one) => ({ epoch: one.epoch, shards: one.shards })),
})

export const adminDispatchEndpoints: readonly Endpoint[] = [figures, change]
