/** Values of readings as people read them: numbers by language, times in Taipei, yes and no. Pure. */
import type { Dictionary } from '../i18n/en.ts'
import { formatFull, formatTime } from '../time.ts'
import type { FieldValue } from './fields.ts'

export type ReadingTextOptions = {
  readonly t: Dictionary
  readonly language: string
  readonly now_ms: number
}

/** What a double can tell apart; more digits are noise of the format. */
const digits_max_count = 15

export const numberText = (value: number, language: string): string =>
  new Intl.NumberFormat(language, { maximumSignificantDigits: digits_max_count }).format(value)

export const readingText = (value: FieldValue, options: ReadingTextOptions): string => {
  const { t, language, now_ms } = options
  if (typeof value === 'number') return numberText(value, language)
  if (typeof value === 'boolean') return value ? t.readings.yes : t.readings.no
  const at_ms = instantOf(value)
  return at_ms === undefined ? value : formatTime(at_ms, now_ms)
}

/** The whole instant where a value is one. */
export const readingTitle = (value: FieldValue, language: string): string | undefined => {
  const at_ms = typeof value === 'string' ? instantOf(value) : undefined
  return at_ms === undefined ? undefined : formatFull(at_ms, language)
}

const instant = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)$/u

const instantOf = (text: string): number | undefined => {
  const at_ms = instant.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(at_ms) ? undefined : at_ms
}
