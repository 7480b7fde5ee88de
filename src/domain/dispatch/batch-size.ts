/**
 * How many messages the next batch to a destination may have: more while batches are quick, half as
 * many where they are slow or refused (DISP-7); and how a poison message is found among many that
 * failed together (DISP-11).
 */
import type { Destination } from './destinations.ts'
import type { DispatchSettings } from './settings.ts'

/** A room, or people, took a batch. */
export const tookBatch = (
  destination: Destination,
  { count, took_ms }: { readonly count: number; readonly took_ms: number },
  settings: DispatchSettings,
): void => {
  destination.failures = 0
  if (destination.suspects > 0) return passedSuspects(destination, count, settings)
  const { batch_max_count, batch_step_count, batch_quick_ms, batch_slow_ms } = settings
  if (took_ms > batch_slow_ms) destination.size = half(destination.size)
  else if (took_ms < batch_quick_ms && count >= destination.size)
    destination.size = Math.min(batch_max_count, destination.size + batch_step_count)
}

/** Nothing of it was taken, and it is not known whose fault it is. */
export const batchFailed = (
  destination: Destination,
  count: number,
  settings: DispatchSettings,
): void => {
  destination.failures += 1
  if (count === 1) {
    // The one that was looked for, if one was.
    destination.suspects = 0
    destination.size = settings.batch_start_count
  } else if (
    destination.suspects > 0 ||
    destination.failures >= settings.failures_before_halving_count
  ) {
    destination.suspects = count
    destination.size = half(count)
  }
}

/** Whoever it is has no room for so many at the moment. */
export const batchRefused = (destination: Destination): void => {
  destination.failures += 1
  destination.size = half(destination.size)
}

/** A courier took parcels; after trouble it begins with one. */
export const tookParcels = (
  destination: Destination,
  {
    count,
    troubled,
    untried,
  }: { readonly count: number; readonly troubled: number; readonly untried: number },
  { parcels_max_count }: DispatchSettings,
): void => {
  if (untried > 0) {
    destination.failures += 1
    destination.size = 1
    return
  }
  destination.failures = 0
  if (troubled > 0) destination.size = half(destination.size)
  else if (count >= destination.size)
    destination.size = Math.min(parcels_max_count, destination.size * 2)
}

const passedSuspects = (
  destination: Destination,
  count: number,
  { batch_start_count }: DispatchSettings,
): void => {
  destination.suspects = Math.max(0, destination.suspects - count)
  destination.size = destination.suspects > 0 ? half(destination.suspects) : batch_start_count
}

const half = (size: number): number => Math.max(1, Math.ceil(size / 2))
