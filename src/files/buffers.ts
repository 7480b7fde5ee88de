/** The memory that all uploads of this isolate may hold back together (LIM-4). */
import { UPLOAD_HELD_MAX_BYTES, UPLOADS_HELD_MAX_BYTES } from './limits.ts'

let reserved_bytes = 0

/**
 * @param declared_bytes of the body; undefined where nobody knows
 * @returns what gives it back, once; undefined where there is none left
 */
export const reserveBuffer = (declared_bytes = Infinity): (() => void) | undefined => {
  // Once to be sent on, and once more to be looked at.
  const bytes = Math.min(2 * declared_bytes, UPLOAD_HELD_MAX_BYTES)
  if (reserved_bytes + bytes > UPLOADS_HELD_MAX_BYTES) return undefined
  reserved_bytes += bytes
  return () => {
    reserved_bytes -= bytes
  }
}
