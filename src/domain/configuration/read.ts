/** A setting from the variables, which are text; a bad value is named by its variable. */
import { integerIn, numberIn, SettingsError, type Variables } from '../../lib/variables.ts'
import type { ConfigurationValue } from '../../protocol/configuration.ts'
import type { SettingName } from '../../protocol/setting-names.ts'
import type { Levels } from './definition.ts'
import {
  schema,
  settingOf,
  variableOf,
  type ChoiceName,
  type ChoiceOf,
  type LevelsName,
  type NumberName,
} from './schema.ts'

/** @throws SettingsError */
export const numberSetting = (variables: Variables, name: NumberName): number => {
  const { kind, default: or, min, max } = schema[name]
  return (kind === 'integer' ? integerIn : numberIn)(variables, variableOf(name), { or, min, max })
}

/** @throws SettingsError */
export const choiceSetting = <Name extends ChoiceName>(
  variables: Variables,
  name: Name,
): ChoiceOf<Name> => {
  const { default: or, choices } = schema[name]
  const text = variables[variableOf(name)]
  if (text === undefined || text === '') return or
  const chosen = choices.find((one) => one === text)
  if (chosen !== undefined) return chosen
  throw new SettingsError(`${variableOf(name)} is "${text}"; it must be ${choices.join(' or ')}`)
}

/**
 * Text such as `700,1100,1600,2200,3000`.
 * @throws SettingsError
 */
export const levelsSetting = (variables: Variables, name: LevelsName): Levels => {
  const setting = schema[name]
  const text = variables[variableOf(name)]
  if (text === undefined || text === '') return setting.default
  // Nothing is no number, though Number('') is 0.
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (areLevels(values, setting)) return values
  throw new SettingsError(`${variableOf(name)} is "${text}"; it must be ${levelsRule(setting)}`)
}

/**
 * Of whatever kind.
 * @throws SettingsError
 */
export const settingIn = (variables: Variables, name: SettingName): ConfigurationValue => {
  switch (settingOf(name).kind) {
    case 'integer':
    case 'number':
      return numberSetting(variables, name as NumberName)
    case 'levels':
      return [...levelsSetting(variables, name as LevelsName)]
    case 'choice':
      return choiceSetting(variables, name as ChoiceName)
  }
}

type Bounds = { readonly min: number; readonly max: number }

export const areLevels = (
  values: readonly number[],
  { min, max }: Bounds,
): values is [number, number, number, number, number] =>
  values.length === 5 &&
  values.every((value, index) => value >= min && value <= max && value > (values[index - 1] ?? 0))

export const levelsRule = ({ min, max }: Bounds): string =>
  `five numbers from ${min} to ${max}, each above the one before`
