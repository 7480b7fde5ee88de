/** What a change of the configuration would do, or why it may not be made (OPS-4). */
import type { Variables } from '../../lib/variables.ts'
import type {
  ConfigurationChange,
  ConfigurationProblem,
  ConfigurationValue,
  ConfigurationValues,
} from '../../protocol/configuration.ts'
import {
  admit,
  isSame,
  laidOver,
  problemsOf,
  type Check,
  type HeldConfiguration,
} from './overrides.ts'
import { settingIn } from './read.ts'
import { allNames, isSettingName } from './schema.ts'

/** Null takes one back to what default or environment say. */
export type GivenValues = Readonly<Record<string, ConfigurationValue | null>>

export type Standing = {
  readonly environment: Variables
  readonly held: HeldConfiguration
  readonly check: Check
}

export type Plan =
  | {
      readonly ok: true
      readonly overrides: ConfigurationValues
      /** In what is in force. */
      readonly changes: ConfigurationChange[]
    }
  | { readonly ok: false; readonly problems: ConfigurationProblem[] }

/** Given values are merged over those that are set. */
export const planChange = (standing: Standing, given: GivenValues): Plan => {
  const { environment, held, check } = standing
  const unknown = Object.keys(given).filter((name) => !isSettingName(name) && !isIn(held, name))
  if (unknown.length > 0)
    return {
      ok: false,
      problems: unknown.map((name) => ({ name, message: 'there is no such setting' })),
    }
  const { overrides } = admit(environment, held.overrides, check)
  const merged = Object.entries<ConfigurationValue | null>({ ...overrides, ...given })
  const wanted = merged.filter((entry): entry is [string, ConfigurationValue] => entry[1] !== null)
  return planned(standing, Object.fromEntries(wanted), Object.keys(given))
}

/** All is as operators had it in another version. */
export const planRollback = (standing: Standing, overrides: ConfigurationValues): Plan =>
  planned(standing, overrides, Object.keys(overrides))

/** Whether it leaves all as it is. */
export const isNothing = (plan: Plan & { readonly ok: true }, held: HeldConfiguration): boolean => {
  const [before, after] = [held.overrides, plan.overrides]
  return (
    plan.changes.length === 0 &&
    Object.keys(before).length === Object.keys(after).length &&
    Object.entries(after).every(
      ([name, value]) => before[name] !== undefined && isSame(value, before[name]),
    )
  )
}

const planned = (
  { environment, held, check }: Standing,
  wanted: ConfigurationValues,
  blamed: readonly string[],
): Plan => {
  const problems = problemsOf(environment, wanted, check, blamed)
  if (problems.length > 0) return { ok: false, problems }
  const overrides = withoutBase(environment, wanted)
  const before = admit(environment, held.overrides, check).variables
  const after = laidOver(environment, overrides)
  const changes = allNames.flatMap((name): ConfigurationChange[] => {
    const [from, to] = [settingIn(before, name), settingIn(after, name)]
    return isSame(from, to) ? [] : [{ name, from, to }]
  })
  return { ok: true, overrides, changes }
}

/** What says the same as default or environment is not kept: it follows them. */
const withoutBase = (environment: Variables, overrides: ConfigurationValues): ConfigurationValues =>
  Object.fromEntries(
    Object.entries(overrides).filter(
      ([name, value]) => !isSettingName(name) || !isSame(value, settingIn(environment, name)),
    ),
  )

const isIn = ({ overrides }: HeldConfiguration, name: string): boolean =>
  Object.hasOwn(overrides, name)
