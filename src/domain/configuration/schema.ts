/**
 * Every setting that operators change while Muster runs (OPS-4): bounds, units, defaults and helps
 * live here and nowhere else. Default < environment variable < what an operator has set.
 */
import { ConfigurationGroup } from '../../protocol/configuration.ts'
import {
  settingNames,
  type SettingName,
  type SettingVariable,
} from '../../protocol/setting-names.ts'
import { alerts } from './alerts.ts'
import { bursts } from './bursts.ts'
import type { ChoiceSetting, LevelsSetting, Setting } from './definition.ts'
import { pool } from './pool.ts'
import { rateLimits } from './rate-limits.ts'
import { rooms } from './rooms.ts'
import { shedding } from './shedding.ts'
import { sockets } from './sockets.ts'

export const schema = {
  ...pool,
  ...rooms,
  ...sockets,
  ...bursts,
  ...rateLimits,
  ...shedding,
  ...alerts,
}

type Schema = typeof schema

type NamesOf<Kind extends Setting> = {
  [Name in SettingName]: Schema[Name] extends Kind ? Name : never
}[SettingName]

export type LevelsName = NamesOf<LevelsSetting>
export type ChoiceName = NamesOf<ChoiceSetting>
export type NumberName = Exclude<SettingName, LevelsName | ChoiceName>
export type ChoiceOf<Name extends ChoiceName> = Schema[Name]['choices'][number]

/** In the order in which they are shown. */
export const allNames: readonly SettingName[] = ConfigurationGroup.options.flatMap(
  (group): readonly SettingName[] => settingNames[group],
)

const known: ReadonlySet<string> = new Set(allNames)

export const isSettingName = (name: string): name is SettingName => known.has(name)

export const settingOf = (name: SettingName): Setting => schema[name]

export const variableOf = (name: SettingName): SettingVariable =>
  name.toUpperCase() as SettingVariable

export const groupOf = (name: SettingName): ConfigurationGroup => {
  const group = ConfigurationGroup.options.find((one) =>
    (settingNames[one] as readonly SettingName[]).includes(name),
  )
  if (group === undefined) throw new Error(`${name} belongs to no group`)
  return group
}
