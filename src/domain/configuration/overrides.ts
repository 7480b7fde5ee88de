/**
 * What operators have set (OPS-4), laid over the environment's variables as text, and what is wrong
 * with it. Nothing bad takes effect: what a deployment does not allow is left out and named.
 */
import { SettingsError, type Variables } from '../../lib/variables.ts'
import type {
  ConfigurationProblem,
  ConfigurationValue,
  ConfigurationValues,
} from '../../protocol/configuration.ts'
import type { SettingName } from '../../protocol/setting-names.ts'
import { settingIn } from './read.ts'
import { allNames, isSettingName, settingOf, variableOf } from './schema.ts'

/** As Control keeps it and everybody is told: by name only what operators have set. */
export type HeldConfiguration = {
  /** 0: nothing was ever changed. */
  readonly version: number
  readonly overrides: ConfigurationValues
}

export const nothingHeld: HeldConfiguration = { version: 0, overrides: {} }

/** One line per thing that is wrong with variables, which it names. */
export type Check = (variables: Variables) => readonly string[]

export type Admitted = {
  readonly overrides: ConfigurationValues
  /** The environment's with these over them. */
  readonly variables: Variables
  readonly ignored: readonly ConfigurationProblem[]
}

/** Those that may take effect here. The environment's own troubles are not their fault. */
export const admit = (
  environment: Variables,
  overrides: ConfigurationValues,
  check: Check,
): Admitted => {
  const ignored: ConfigurationProblem[] = []
  let kept = overrides
  for (;;) {
    const problems = problemsOf(environment, kept, check)
    if (problems.length === 0)
      return { overrides: kept, variables: laidOver(environment, kept), ignored }
    ignored.push(...problems)
    const bad = new Set(problems.map(({ name }) => name))
    kept = Object.fromEntries(Object.entries(kept).filter(([name]) => !bad.has(name)))
  }
}

/**
 * All that is wrong with them, each said of those that it concerns.
 * @param blamed those of which it is said first, because they are what changes
 */
export const problemsOf = (
  environment: Variables,
  overrides: ConfigurationValues,
  check: Check,
  blamed: readonly string[] = [],
): ConfigurationProblem[] => {
  const names = Object.keys(overrides)
  const single = Object.entries(overrides).flatMap(([name, value]) => {
    const message = problemOf(name, value)
    return message === undefined ? [] : [{ name, message }]
  })
  if (single.length > 0 || names.length === 0) return single
  const before = new Set(check(environment))
  return check(laidOver(environment, overrides))
    .filter((line) => !before.has(line))
    .flatMap((line) => {
      const message = inNames(line)
      // Where it names none of them, any may be the cause.
      const concerned = [blamed, names]
        .map((some) => some.filter((name) => isNamedIn(line, name)))
        .find(({ length }) => length > 0)
      return (concerned ?? names).map((name) => ({ name, message }))
    })
}

export const laidOver = (environment: Variables, overrides: ConfigurationValues): Variables => {
  const texts = Object.entries(overrides).flatMap(([name, value]) =>
    isSettingName(name) ? [[variableOf(name), textOf(value)] as const] : [],
  )
  return { ...environment, ...Object.fromEntries(texts) }
}

/** As it would stand in the environment. */
export const textOf = (value: ConfigurationValue): string => String(value)

export const isSame = (one: ConfigurationValue, other: ConfigurationValue): boolean =>
  typeof one === typeof other && textOf(one) === textOf(other)

/** What is wrong with a value by itself. */
const problemOf = (name: string, value: ConfigurationValue): string | undefined => {
  if (!isSettingName(name)) return 'there is no such setting'
  if (!isOfItsKind(name, value)) return `${name} must be ${kindsOf[settingOf(name).kind]}`
  try {
    settingIn({ [variableOf(name)]: textOf(value) }, name)
    return textOf(value) === '' ? `${name} must not be empty` : undefined
  } catch (error) {
    if (error instanceof SettingsError) return inNames(error.message)
    throw error
  }
}

const isOfItsKind = (name: SettingName, value: ConfigurationValue): boolean => {
  switch (settingOf(name).kind) {
    case 'integer':
    case 'number':
      return typeof value === 'number'
    case 'levels':
      return Array.isArray(value)
    case 'choice':
      return typeof value === 'string'
  }
}

const kindsOf = {
  integer: 'a number',
  number: 'a number',
  levels: 'a list of five numbers',
  choice: 'a word',
} as const

const wordOf = (name: SettingName): RegExp => new RegExp(`\\b${variableOf(name)}\\b`, 'g')

const isNamedIn = (line: string, name: string): boolean =>
  isSettingName(name) && wordOf(name).test(line)

/** What is said of variables, said of settings. */
const inNames = (line: string): string =>
  allNames.reduce((text, name) => text.replaceAll(wordOf(name), name), line)
