/** A number of bytes as people read it, in steps of 1,000 as file managers show it today. */

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

export const formatFileSize = (bytes: number, language: string): string => {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1_000 ** power)
}
