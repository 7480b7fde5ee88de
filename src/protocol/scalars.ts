/** The scalar shapes that every family of the wire uses. */
import * as z from 'zod/mini'
import { REFERENCE_MAX_LENGTH, USER_ID_MAX_LENGTH } from './limits.ts'

/**
 * Text that Postgres and every browser keep byte for byte: no NUL, no lone surrogate (MSG-12).
 * Lengths count UTF-16 units.
 */
export const text = (minimum: number, maximum: number) =>
  z.string().check(
    z.minLength(minimum),
    z.maxLength(maximum),
    z.refine((value) => value.isWellFormed() && !value.includes('\u0000'), {
      error: 'must not contain NUL or a lone surrogate',
    }),
  )

/** UUIDv7 where Muster made it; any UUID is accepted from outside. */
export const Uuid = z.string().check(
  z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, {
    error: 'must be a lower-case UUID',
  }),
)

/** RFC 3339 in UTC with milliseconds, e.g. `2026-11-22T09:32:42.123Z`. */
export const Timestamp = z.iso.datetime()

/** An e-mail address or another stable name from the identity provider. */
export const UserId = text(1, USER_ID_MAX_LENGTH).check(
  z.regex(/^[^\s/?#]+$/, { error: 'must not contain spaces, "/", "?" or "#"' }),
)

export const Reference = text(1, REFERENCE_MAX_LENGTH)

/** Numbers a room's messages 1, 2, 3 … without gap or repeat (SEQ-1). */
export const SequenceNumber = z.int().check(z.nonnegative())

/** Numbers everything that changes a room, messages included, the same way (SEQ-1). */
export const Revision = z.int().check(z.nonnegative())
