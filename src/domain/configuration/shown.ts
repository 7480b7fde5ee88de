/** The configuration as operators see it: all settings, what holds, and where it comes from. */
import type { Variables } from '../../lib/variables.ts'
import type {
  Configuration,
  ConfigurationSetting,
  ConfigurationValues,
} from '../../protocol/configuration.ts'
import type { SettingName } from '../../protocol/setting-names.ts'
import { admit, type Check, type HeldConfiguration } from './overrides.ts'
import { settingIn } from './read.ts'
import { allNames, groupOf, settingOf, variableOf } from './schema.ts'

type Shown = Pick<Configuration, 'values' | 'settings' | 'ignored'>

export const shown = (
  environment: Variables,
  held: Pick<HeldConfiguration, 'overrides'>,
  check: Check,
): Shown => {
  const { overrides, variables, ignored } = admit(environment, held.overrides, check)
  return {
    values: Object.fromEntries(allNames.map((name) => [name, settingIn(variables, name)])),
    settings: allNames.map((name) => about(name, environment, overrides)),
    ignored: [...ignored],
  }
}

const about = (
  name: SettingName,
  environment: Variables,
  overrides: ConfigurationValues,
): ConfigurationSetting => {
  const setting = settingOf(name)
  return {
    name,
    group: groupOf(name),
    kind: setting.kind,
    unit: setting.unit,
    help: setting.help,
    variable: variableOf(name),
    default: settingIn({}, name),
    base: settingIn(environment, name),
    source: sourceOf(name, environment, overrides),
    ...(setting.kind === 'choice'
      ? { min: null, max: null, choices: [...setting.choices] }
      : { min: setting.min, max: setting.max }),
  }
}

const sourceOf = (
  name: SettingName,
  environment: Variables,
  overrides: ConfigurationValues,
): ConfigurationSetting['source'] => {
  if (Object.hasOwn(overrides, name)) return 'runtime'
  return environment[variableOf(name)] ? 'environment' : 'default'
}
