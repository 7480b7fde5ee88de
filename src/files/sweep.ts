/**
 * Clears away what nobody refers to: files that were uploaded and never sent, and objects whose
 * upload came to nothing (API-5). A file loses its row first, so that no reader finds one without
 * bytes; an object is forgotten only after it is gone, so that none stays for ever.
 */
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { log } from '../telemetry/log.ts'
import { SWEEP_BATCH_COUNT, SWEEP_ROUNDS_MAX_COUNT, UNREFERENCED_MAX_AGE_HOURS } from './limits.ts'
import { openStore } from './store.ts'

/** Any will do, as long as it is the same: sweeps then share a gateway. */
const gatewayKey = 'file-sweep'

export type Swept = { readonly expired: number; readonly removed: number }

/** Stops where something is not available; the next run goes on. */
export const sweepFiles = async (env: Env): Promise<Swept> => {
  const swept = { expired: await expire(env), removed: await remove(env) }
  if (swept.expired > 0 || swept.removed > 0) log.info('files_swept', swept)
  return swept
}

const expire = async (env: Env): Promise<number> => {
  const args = { age_hours: UNREFERENCED_MAX_AGE_HOURS, limit: SWEEP_BATCH_COUNT }
  let total = 0
  for (let round = 0; round < SWEEP_ROUNDS_MAX_COUNT; round += 1) {
    const expired = await askDatabase(env, gatewayKey, 'expireFiles', args)
    if (!expired.ok) break
    total += expired.value
    if (expired.value < SWEEP_BATCH_COUNT) break
  }
  return total
}

const remove = async (env: Env): Promise<number> => {
  const store = openStore(env)
  let total = 0
  for (let round = 0; round < SWEEP_ROUNDS_MAX_COUNT; round += 1) {
    const due = await askDatabase(env, gatewayKey, 'listUnclaimed', { limit: SWEEP_BATCH_COUNT })
    if (!due.ok || due.value.length === 0) break
    const removed = await store?.remove(due.value)
    if (!removed?.ok) break
    const args = { file_ids: due.value }
    if (!(await askDatabase(env, gatewayKey, 'forgetUnclaimed', args)).ok) break
    total += due.value.length
  }
  return total
}
