/** The schemas of the configuration by the names that the OpenAPI document gives them. */
import {
  ChangeConfiguration,
  ChangedConfiguration,
  Configuration,
  ConfigurationHistory,
  RollBackConfiguration,
} from '../protocol/configuration.ts'
import { cast } from './documented-cast.ts'

const configuration = {
  version: 3,
  environment: 'production',
  values: { db_pool_size: 40, commit_mode: 'each', shed_commit_ms: [700, 1100, 1600, 2200, 3000] },
  settings: [
    {
      name: 'db_pool_size',
      group: 'pool',
      kind: 'integer',
      unit: 'connections',
      help: 'Database connections that are opened at first use and stay open.',
      variable: 'DB_POOL_SIZE',
      default: 20,
      base: 20,
      source: 'runtime',
      min: 1,
      max: 500,
    },
  ],
  ignored: [],
  changed_at: '2026-11-22T09:32:42.123Z',
  changed_by: cast.mei,
}
const changes = [{ name: 'db_pool_size', from: 20, to: 40 }]

export const configurationComponents = {
  ChangeConfiguration: {
    schema: ChangeConfiguration,
    example: {
      values: { db_pool_size: 40, alert_level: null },
      expected_version: 0,
      note: 'callers wait for a connection',
      dry_run: true,
    },
  },
  ChangedConfiguration: { schema: ChangedConfiguration, example: { ...configuration, changes } },
  Configuration: { schema: Configuration, example: configuration },
  ConfigurationHistory: {
    schema: ConfigurationHistory,
    example: {
      versions: [
        {
          version: 3,
          changed_at: '2026-11-22T09:32:42.123Z',
          changed_by: cast.mei,
          note: 'callers wait for a connection',
          rolled_back_to: null,
          changes,
          overrides: { db_pool_size: 40 },
          hash: '6f1e0c4f0d8d3c0b7c1d2e6a9b6a4f4c5a3f0e1d2c3b4a5968778695a4b3c2d1',
          previous_hash: 'a4b3c2d16f1e0c4f0d8d3c0b7c1d2e6a9b6a4f4c5a3f0e1d2c3b4a5968778695',
        },
      ],
      broken_at: null,
    },
  },
  RollBackConfiguration: {
    schema: RollBackConfiguration,
    example: { version: 0, note: 'it was slower before' },
  },
} as const
