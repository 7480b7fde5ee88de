/** A close code as a label: a client may send any number, and labels are bounded. */
import { closeCodes } from '../protocol/close-codes.ts'

/** Codes of RFC 6455 and our own by their number; what else a client thinks of is `other`. */
export const closeCodeLabel = (code: number): number | 'other' =>
  (code >= 1_000 && code <= 1_015) || own.has(code) ? code : 'other'

const own: ReadonlySet<number> = new Set(Object.values(closeCodes))
