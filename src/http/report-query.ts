/** What a report is asked to be (API-6). */
import * as z from 'zod/mini'
import type { ReportOptions } from '../domain/report/facts.ts'
import { reportLanguages } from '../domain/report/words.ts'
import { instant } from './query-values.ts'

/** The longest name of a zone has 32 characters. */
const zoneMaxLength = 64

const isZone = (name: string): boolean => {
  // Offsets such as +08:00 are no names, though Intl takes them.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const timeZone = z
  .string()
  .check(
    z.maxLength(zoneMaxLength),
    z.refine(isZone, { error: 'must be an IANA time zone such as Asia/Taipei' }),
  )

export const ReportQuery = z
  .object({
    from: z.optional(instant).check(z.describe('Messages and events at this time or later.')),
    to: z.optional(instant).check(z.describe('Messages and events before this time.')),
    time_zone: z
      ._default(timeZone, 'Asia/Taipei')
      .check(z.describe('IANA name of the zone in which times are shown.')),
    transcript: z
      .pipe(
        z.pipe(
          z._default(z.enum(['true', 'false'], { error: 'must be true or false' }), 'false'),
          z.transform((value) => value === 'true'),
        ),
        z.boolean(),
      )
      .check(z.describe('With everything that was said.')),
    lang: z._default(z.enum(reportLanguages), 'en').check(z.describe('Of the headings.')),
    download: z
      .optional(z.literal('1', { error: 'must be 1' }))
      .check(z.describe('To be kept as a file instead of shown.')),
  })
  .check((checked) => {
    const { from, to } = checked.value
    if (from === undefined || to === undefined || from < to) return
    const message = 'must be after from'
    checked.issues.push({ code: 'custom', input: checked.value, path: ['to'], message })
  })
export type ReportQuery = z.infer<typeof ReportQuery>

export const reportOptionsOf = (query: ReportQuery): ReportOptions => ({
  from: query.from ?? null,
  to: query.to ?? null,
  time_zone: query.time_zone,
  language: query.lang,
  transcript: query.transcript,
})
