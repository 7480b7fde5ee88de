/**
 * Tells a new configuration to the objects of which there are few (OPS-4), all at once and for a
 * bounded time. Rooms and the isolates of the Worker ask by themselves.
 */
import { serviceNames } from '../channels/channel.ts'
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { Env } from '../env.ts'
import { log } from '../telemetry/log.ts'
import { courierStub, dispatchStub, gatewayStubs, inboxStubs, pushStubs } from './stubs.ts'

const PATIENCE_MS = 2_000

/** Never throws. */
export const tellEverybody = async (
  env: Env,
  held: HeldConfiguration,
  dispatch_shards: number,
): Promise<void> => {
  const told = await Promise.all([
    ...gatewayStubs(env).map((stub) => inTime(() => stub.configured(held))),
    ...Array.from({ length: dispatch_shards }, (_, shard) =>
      inTime(() => dispatchStub(env, shard).configured(held)),
    ),
    ...inboxStubs(env).map((stub) => inTime(() => stub.configured(held))),
    ...pushStubs(env).map((stub) => inTime(() => stub.configured(held))),
    ...serviceNames.map((name) => inTime(() => courierStub(env, name).configured(held))),
  ])
  const count = told.filter((heard) => !heard).length
  if (count > 0) log.warn('configuration_not_told', { version: held.version, count })
}

const inTime = async (telling: () => Promise<unknown>): Promise<boolean> => {
  try {
    const heard = telling().then(
      () => true,
      () => false,
    )
    return await Promise.race([heard, scheduler.wait(PATIENCE_MS).then(() => false)])
  } catch {
    return false
  }
}
