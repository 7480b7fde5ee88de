/** How long to wait before the same is tried again: twice as long each time, and not all at once. */
import type { DispatchSettings } from './settings.ts'

/**
 * @param failures so far
 * @param chance in [0, 1)
 */
export const backoffMs = (
  failures: number,
  chance: number,
  { retry_min_ms, retry_max_ms }: Pick<DispatchSettings, 'retry_min_ms' | 'retry_max_ms'>,
): number =>
  Math.round(
    Math.min(retry_max_ms, retry_min_ms * 2 ** Math.max(0, failures - 1)) * (0.75 + chance / 2),
  )
