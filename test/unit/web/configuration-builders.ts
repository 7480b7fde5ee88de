/** A configuration as the server tells it, with what a test wants otherwise. */
import type {
  Configuration,
  ConfigurationSetting,
  ConfigurationValue,
} from '../../../src/protocol/configuration.ts'

export const aSetting = (overrides: Partial<ConfigurationSetting> = {}): ConfigurationSetting => {
  const name = overrides.name ?? 'db_pool_size'
  return {
    name,
    group: 'pool',
    kind: 'integer',
    unit: 'connections',
    help: 'What it does.',
    variable: name.toUpperCase(),
    default: 20,
    base: 20,
    source: 'default',
    min: 1,
    max: 500,
    ...overrides,
  }
}

export const someLevels = aSetting({
  name: 'shed_commit_ms',
  kind: 'levels',
  unit: 'ms',
  default: [700, 1_100, 1_600, 2_200, 3_000],
  base: [700, 1_100, 1_600, 2_200, 3_000],
  max: 60_000,
})

export const aChoice = aSetting({
  name: 'commit_mode',
  kind: 'choice',
  unit: '',
  default: 'each',
  base: 'each',
  min: null,
  max: null,
  choices: ['each', 'group'],
})

/** @param set what operators have set */
export const aConfiguration = (
  settings: readonly ConfigurationSetting[],
  set: Readonly<Record<string, ConfigurationValue>> = {},
  version = 3,
): Configuration => ({
  version,
  environment: 'development',
  values: Object.fromEntries(settings.map(({ name, base }) => [name, set[name] ?? base])),
  settings: settings.map((setting) =>
    setting.name in set ? { ...setting, source: 'runtime' } : setting,
  ),
  ignored: [],
  changed_at: null,
  changed_by: null,
})
