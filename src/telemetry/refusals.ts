/** What clients were refused, by how they asked and with which code (OPS-1). */
import type { ErrorCode } from '../protocol/errors.ts'
import { count } from './meter.ts'

export type Way = 'http' | 'room' | 'inbox' | 'one_way'

export const countRefusal = (way: Way, code: ErrorCode): void => {
  count('muster_errors_total', { way, code })
  if (code === 'rate_limited') count('muster_rate_limited_total', { way })
}
