/** Figures as operators read them: short, with their unit, by language. Pure. */
import type { Language } from '../i18n/languages.ts'

export type Unit = 'per_s' | 'per_min' | 'ms' | 's' | 'count' | 'share' | 'bytes'

/** Where nothing is known or nothing was measured. */
export const NO_FIGURE = '–'

/** Above it, thousands are said as such: `12.3K`, `1.2萬`. */
const compact_from = 10_000

/** Joined so that no line breaks between a number and its unit. */
const space = '\u00a0'

export const figureText = (
  value: number | null | undefined,
  unit: Unit,
  language: Language,
): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_FIGURE
  switch (unit) {
    case 'ms':
      return millisecondsText(value, language)
    case 's':
      return millisecondsText(value * 1_000, language)
    case 'share':
      return numberOf(value, language, { style: 'percent', maximumFractionDigits: 1 })
    case 'bytes':
      return bytesText(value, language)
    case 'per_s':
      return `${countText(value, language)}/s`
    case 'per_min':
      return `${countText(value, language)}/min`
    case 'count':
      return countText(value, language)
  }
}

/** Three digits that matter; nobody reads microseconds of a second. */
const millisecondsText = (ms: number, language: Language): string => {
  if (ms < 1_000) return `${numberOf(ms, language, digits(ms < 10 ? 1 : 0))}${space}ms`
  if (ms < 120_000) return `${numberOf(ms / 1_000, language, digits(ms < 10_000 ? 1 : 0))}${space}s`
  if (ms < 7_200_000) return `${numberOf(ms / 60_000, language, digits(0))}${space}min`
  return `${numberOf(ms / 3_600_000, language, digits(1))}${space}h`
}

const countText = (value: number, language: Language): string =>
  value >= compact_from
    ? numberOf(value, language, { notation: 'compact', maximumFractionDigits: 1 })
    : numberOf(value, language, digits(value < 10 ? 1 : 0))

const bytesText = (bytes: number, language: Language): string => {
  if (bytes < 1_024) return `${numberOf(bytes, language, digits(0))}${space}B`
  if (bytes < 1_048_576) return `${numberOf(bytes / 1_024, language, digits(1))}${space}KiB`
  return `${numberOf(bytes / 1_048_576, language, digits(1))}${space}MiB`
}

const digits = (count: number) => ({ maximumFractionDigits: count })

const formats = new Map<string, Intl.NumberFormat>()

/** Formats are dear to make, and a chart's table wants hundreds. */
const numberOf = (value: number, language: Language, options: Intl.NumberFormatOptions): string => {
  const key = `${language} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.NumberFormat(language, options)
  formats.set(key, format)
  return format.format(value)
}

/** The words of the rules (`src/domain/alerts`); what is counted is named by the rule's title. */
const units: Readonly<Record<string, Unit>> = {
  ms: 'ms',
  s: 's',
  ratio: 'share',
  per_s: 'per_s',
  per_min: 'per_min',
  level: 'count',
  circuits: 'count',
  gateways: 'count',
}

/** A figure of a rule in the rule's own unit; one that the page does not know stays as told. */
export const ruleFigureText = (
  value: number | null,
  unit_word: string,
  language: Language,
): string => {
  const unit = Object.hasOwn(units, unit_word) ? units[unit_word] : undefined
  if (unit !== undefined || value === null) return figureText(value, unit ?? 'count', language)
  return `${figureText(value, 'count', language)}${space}${unit_word}`
}
