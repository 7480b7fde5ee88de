/**
 * What an operator has entered and not yet applied (OPS-4), and what would change by it. Pure;
 * an entry stays as it was typed, however wrong, until it is undone.
 */
import type {
  ChangeConfiguration,
  Configuration,
  ConfigurationSetting,
  ConfigurationValue,
} from '../../../../src/protocol/configuration.ts'
import { readTexts, type ValueProblem } from './read-value.ts'

export type Entry =
  /** One text; of levels five. */
  | { readonly kind: 'typed'; readonly texts: readonly string[] }
  /** What default or environment say. */
  | { readonly kind: 'back' }

/** By the setting's name. */
export type Draft = ReadonlyMap<string, Entry>

export const emptyDraft: Draft = new Map()

export type PlannedChange = {
  readonly name: string
  readonly from: ConfigurationValue
  readonly to: ConfigurationValue
  /** The runtime value is taken away. */
  readonly is_back: boolean
}

export const withEntry = (draft: Draft, name: string, entry: Entry): Draft =>
  new Map(draft).set(name, entry)

export const withoutEntry = (draft: Draft, name: string): Draft => {
  const left = new Map(draft)
  left.delete(name)
  return left
}

/** As fields are filled with a value: no separators, so that it can be edited. */
export const textsOf = (value: ConfigurationValue): string[] =>
  Array.isArray(value) ? value.map(String) : [String(value)]

/** What stands in the fields of a setting. */
export const shownTexts = (
  setting: ConfigurationSetting,
  value: ConfigurationValue,
  entry: Entry | undefined,
): readonly string[] => {
  if (entry === undefined) return textsOf(value)
  return entry.kind === 'typed' ? entry.texts : textsOf(setting.base)
}

/** What an entry would change, in the order of the settings; wrong ones and vain ones do nothing. */
export const plannedChanges = (configuration: Configuration, draft: Draft): PlannedChange[] =>
  configuration.settings.flatMap((setting) => {
    const change = changeOf(configuration, setting, draft.get(setting.name))
    return change === undefined ? [] : [change]
  })

export const changeOf = (
  { values }: Configuration,
  setting: ConfigurationSetting,
  entry: Entry | undefined,
): PlannedChange | undefined => {
  const { name, base, source } = setting
  const from = values[name]
  if (entry === undefined || from === undefined) return undefined
  if (entry.kind === 'back')
    return source === 'runtime' ? { name, from, to: base, is_back: true } : undefined
  const read = readTexts(setting, entry.texts)
  if (!read.ok || isSame(read.value, from)) return undefined
  return { name, from, to: read.value, is_back: false }
}

/** What is wrong with what was entered, by the setting's name. */
export const draftProblems = (
  { settings }: Configuration,
  draft: Draft,
): ReadonlyMap<string, ValueProblem> =>
  new Map(
    settings.flatMap((setting) => {
      const problem = problemOf(setting, draft.get(setting.name))
      return problem === undefined ? [] : [[setting.name, problem] as const]
    }),
  )

export const problemOf = (
  setting: ConfigurationSetting,
  entry: Entry | undefined,
): ValueProblem | undefined => {
  if (entry?.kind !== 'typed') return undefined
  const read = readTexts(setting, entry.texts)
  return read.ok ? undefined : read.problem
}

/** As the server is asked: null takes a value back. */
export const wantedValues = (changes: readonly PlannedChange[]): ChangeConfiguration['values'] =>
  Object.fromEntries(changes.map(({ name, to, is_back }) => [name, is_back ? null : to]))

/** Without entries that would change nothing. */
export const withoutVain = (configuration: Configuration, draft: Draft): Draft => {
  const settings = new Map(configuration.settings.map((setting) => [setting.name, setting]))
  return new Map(
    [...draft].filter(([name, entry]) => {
      const setting = settings.get(name)
      if (setting === undefined) return false
      return (
        problemOf(setting, entry) !== undefined ||
        changeOf(configuration, setting, entry) !== undefined
      )
    }),
  )
}

export const isSame = (
  one: ConfigurationValue | undefined,
  other: ConfigurationValue | undefined,
): boolean => String(one) === String(other)
