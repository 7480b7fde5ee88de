/** Values of settings as they are read: with separators, in larger units, by how much they differ. */
import type { ConfigurationValue } from '../../../../src/protocol/configuration.ts'

/** Digits as people group them; words as they are. */
export const formatValue = (value: ConfigurationValue, language: string): string => {
  if (typeof value === 'string') return value
  const numbers = Array.isArray(value) ? value : [value]
  return numbers.map((number) => formatNumber(number, language)).join(' · ')
}

export const formatNumber = (number: number, language: string): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(number)

/** The same in a unit that says more, as in 256 MiB or 30 min; undefined where there is none. */
export const inLargerUnit = (
  number: number,
  unit: string,
  language: string,
): string | undefined => {
  const wanted = largerUnit(number, unit)
  if (wanted === undefined) return undefined
  const digits = { maximumFractionDigits: 2 }
  if (wanted.unit.endsWith('iB'))
    return `${new Intl.NumberFormat(language, digits).format(number / wanted.per)} ${wanted.unit}`
  return new Intl.NumberFormat(language, { ...digits, style: 'unit', unit: wanted.unit }).format(
    number / wanted.per,
  )
}

const largerUnit = (
  number: number,
  unit: string,
): { readonly unit: string; readonly per: number } | undefined =>
  largerUnits[unit]?.find(({ per }) => Math.abs(number) >= per)

/** The largest first. */
const seconds = (one: number) => [
  { unit: 'hour', per: 3_600 * one },
  { unit: 'minute', per: 60 * one },
]

const largerUnits: Readonly<Record<string, readonly { unit: string; per: number }[]>> = {
  bytes: [
    { unit: 'GiB', per: 1_073_741_824 },
    { unit: 'MiB', per: 1_048_576 },
    { unit: 'KiB', per: 1_024 },
  ],
  ms: [...seconds(1_000), { unit: 'second', per: 1_000 }],
  s: seconds(1),
  min: [{ unit: 'hour', per: 60 }],
  ratio: [{ unit: 'percent', per: 0.01 }],
}

/** How much more or less, as in +100 %; undefined where that says nothing. */
export const formatDifference = (
  from: ConfigurationValue,
  to: ConfigurationValue,
  language: string,
): string | undefined => {
  if (typeof from !== 'number' || typeof to !== 'number' || from === 0 || from === to)
    return undefined
  const part = (to - from) / Math.abs(from)
  return new Intl.NumberFormat(language, {
    style: 'percent',
    signDisplay: 'always',
    maximumFractionDigits: Math.abs(part) < 0.1 ? 1 : 0,
  }).format(part)
}
