/** Values of queries: they travel as text, and come out as what they mean. */
import * as z from 'zod/mini'
import { PAGE_DEFAULT_COUNT, PAGE_MAX_COUNT } from '../protocol/limits.ts'

export const integer = (minimum: number, maximum: number) =>
  z.pipe(
    z.pipe(
      z.string().check(z.regex(/^\d{1,16}$/, { error: 'must be a whole number' })),
      z.transform(Number),
    ),
    z
      .int()
      .check(
        z.gte(minimum, { error: `must be at least ${minimum}` }),
        z.lte(maximum, { error: `must be at most ${maximum}` }),
      ),
  )

export const pageLimit = z._default(integer(1, PAGE_MAX_COUNT), PAGE_DEFAULT_COUNT)

export const flag = z.pipe(
  z.pipe(
    z.enum(['true', 'false'], { error: 'must be true or false' }),
    z.transform((value) => value === 'true'),
  ),
  z.boolean(),
)

/**
 * RFC 3339 with any offset; comes out in UTC with microseconds, the precision of the record, so
 * that `next_before` parts no two messages of one millisecond.
 */
export const instant = z.pipe(
  z.pipe(
    z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-22T09:32:42.123Z' }),
    z.transform((value) => {
      const microseconds = (/\.(\d+)/.exec(value)?.[1] ?? '').padEnd(6, '0').slice(0, 6)
      return `${new Date(value).toISOString().slice(0, -'.000Z'.length)}.${microseconds}Z`
    }),
  ),
  // The calendar of Postgres has no year 0, and that of RFC 3339 none of five digits.
  z
    .string()
    .check(
      z.regex(/^(?!0000)\d{4}-/, { error: 'must be in the years 1 to 9999' }),
      z.meta({ format: 'date-time' }),
    ),
)
