/** What is said of a setting, its values and what is wrong with them, in the page's language. */
import type {
  ConfigurationSetting,
  ConfigurationValue,
} from '../../../../src/protocol/configuration.ts'
import type { ConfigurationTexts } from '../../i18n/configuration-texts.ts'
import type { Language } from '../../i18n/languages.ts'
import type { ValueProblem } from './read-value.ts'
import { formatNumber, formatValue, inLargerUnit } from './value-text.ts'

export type Words = { readonly texts: ConfigurationTexts; readonly language: Language }

/** Of one that the page does not know: as the server calls it. */
export const nameOf = (name: string, { texts }: Words): string =>
  texts.setting_names[name] ?? name.replaceAll('_', ' ')

export const helpOf = ({ name, help }: ConfigurationSetting, { texts }: Words): string =>
  texts.setting_helps[name] ?? help

export const unitOf = ({ unit }: ConfigurationSetting, { texts }: Words): string =>
  texts.units[unit] ?? unit

export const choiceOf = (setting: ConfigurationSetting, choice: string, { texts }: Words): string =>
  texts.choices[setting.name]?.[choice] ?? choice

/** With its unit, and in a larger one where that says more: `1,048,576 bytes (1 MiB)`. */
export const valueText = (
  value: ConfigurationValue,
  setting: ConfigurationSetting | undefined,
  words: Words,
): string => {
  if (setting === undefined) return formatValue(value, words.language)
  if (typeof value === 'string') return choiceOf(setting, value, words)
  const plain = formatValue(value, words.language)
  const larger =
    typeof value === 'number' ? inLargerUnit(value, setting.unit, words.language) : undefined
  const unit = setting.unit === 'ratio' ? '' : ` ${unitOf(setting, words)}`
  return `${plain}${unit}${larger === undefined ? '' : ` (${larger})`}`
}

/** `1 to 500`; empty for a choice. */
export const boundsText = ({ min, max }: ConfigurationSetting, words: Words): string => {
  const { texts, language } = words
  const [low, high] = [min, max].map((bound) =>
    bound === null ? undefined : formatNumber(bound, language),
  )
  if (low !== undefined && high !== undefined) return texts.bounds(low, high)
  if (low !== undefined) return texts.at_least(low)
  return high === undefined ? '' : texts.at_most(high)
}

export const problemText = (
  problem: ValueProblem,
  { kind }: ConfigurationSetting,
  { texts, language }: Words,
): string => {
  const said = textOf(problem, texts, language)
  return kind === 'levels' && problem.kind !== 'not_ascending'
    ? texts.of_level(problem.at + 1, said)
    : said
}

/**
 * What the server said, in the page's words: it calls settings by their names on the wire. What it
 * says in another way than is known here stays as it is.
 */
export const refusalText = (message: string, { texts }: Words): string => {
  const said = message.replaceAll(/[a-z]\w*_\w+/g, (name) => {
    const known = texts.setting_names[name]
    return known === undefined ? name : texts.quoted(known)
  })
  const [, low, low_value, must, high, high_value] = said.match(orderPattern) ?? []
  if (low === undefined || low_value === undefined || high === undefined) return said
  const values = [low, low_value, high, String(high_value)] as const
  return must === 'be less than' ? texts.must_be_less(...values) : texts.must_not_exceed(...values)
}

const orderPattern = /^(.+) is (\S+); it must (be less than|not exceed) (.+) \((\S+)\)$/

const textOf = (problem: ValueProblem, texts: ConfigurationTexts, language: Language): string => {
  switch (problem.kind) {
    case 'too_small':
      return texts.too_small(formatNumber(problem.bound, language))
    case 'too_large':
      return texts.too_large(formatNumber(problem.bound, language))
    case 'not_ascending':
      return texts.not_ascending(problem.at + 1)
    default:
      return texts.problems[problem.kind]
  }
}
