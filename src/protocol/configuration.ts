/** The configuration that operators change while Muster runs (OPS-4). */
import * as z from 'zod/mini'
import { NamedProblem } from './errors.ts'
import { Timestamp, text } from './scalars.ts'

/** A number, a choice's word, or the thresholds of levels 1 to 5. */
export const ConfigurationValue = z.union([z.number(), z.string(), z.array(z.number())])
export type ConfigurationValue = z.infer<typeof ConfigurationValue>

/** All settings by name, as they are in force. */
export const ConfigurationValues = z.record(z.string(), ConfigurationValue)
export type ConfigurationValues = z.infer<typeof ConfigurationValues>

export const ConfigurationGroup = z.enum([
  'pool',
  'rooms',
  'sockets',
  'bursts',
  'rate_limits',
  'shedding',
  'alerts',
])
export type ConfigurationGroup = z.infer<typeof ConfigurationGroup>

/** What an editor has to know of one setting. */
export const ConfigurationSetting = z.object({
  name: z.string(),
  group: ConfigurationGroup,
  kind: z.enum(['integer', 'number', 'choice', 'levels']),
  /** `connections`, `s`, `ms`, `bytes`, `messages`, `ratio`, … */
  unit: z.string(),
  /** One or two sentences: what it does, and when to change it. */
  help: z.string(),
  /** The environment's variable that sets it where no operator has. */
  variable: z.string(),
  /** Built in. */
  default: ConfigurationValue,
  /** Default or environment: what holds where no operator has set it. */
  base: ConfigurationValue,
  source: z.enum(['default', 'environment', 'runtime']),
  /** Null for a choice. */
  min: z.nullable(z.number()),
  max: z.nullable(z.number()),
  /** Of a choice. */
  choices: z.optional(z.array(z.string())),
})
export type ConfigurationSetting = z.infer<typeof ConfigurationSetting>

/** What is wrong with one setting: a 400 has all of them as `problems`. */
export const ConfigurationProblem = NamedProblem
export type ConfigurationProblem = NamedProblem

export const Configuration = z.object({
  /** 0: nothing was ever changed. */
  version: z.int(),
  environment: z.string(),
  values: ConfigurationValues,
  settings: z.array(ConfigurationSetting),
  /** What operators have set and this deployment does not allow any more: it has no effect. */
  ignored: z.array(ConfigurationProblem),
  changed_at: z.nullable(Timestamp),
  changed_by: z.nullable(z.string()),
})
export type Configuration = z.infer<typeof Configuration>

export const ConfigurationChange = z.object({
  name: z.string(),
  from: ConfigurationValue,
  to: ConfigurationValue,
})
export type ConfigurationChange = z.infer<typeof ConfigurationChange>

export const ChangeConfiguration = z.object({
  /** Those that are to change; null takes one back to what default or environment say. */
  values: z.record(z.string(), z.nullable(ConfigurationValue)),
  /** Whoever changed it meanwhile is not overwritten: `conflict`. */
  expected_version: z.int(),
  note: z.optional(text(0, 500)),
  /** Only says what would change, or what is wrong. */
  dry_run: z.optional(z.boolean()),
})
export type ChangeConfiguration = z.infer<typeof ChangeConfiguration>

export const RollBackConfiguration = z.object({
  /** 0: what default and environment say. */
  version: z.int(),
  /** As of a change; without it whatever holds is rolled back. */
  expected_version: z.optional(z.int()),
  note: z.optional(text(0, 500)),
  /** Only says what would change, or what is wrong. */
  dry_run: z.optional(z.boolean()),
})
export type RollBackConfiguration = z.infer<typeof RollBackConfiguration>

export const ChangedConfiguration = z.extend(Configuration, {
  changes: z.array(ConfigurationChange),
})
export type ChangedConfiguration = z.infer<typeof ChangedConfiguration>

export const ConfigurationVersion = z.object({
  version: z.int(),
  changed_at: Timestamp,
  changed_by: z.string(),
  note: z.string(),
  /** The version whose values this one took back; null for a change. */
  rolled_back_to: z.nullable(z.int()),
  changes: z.array(ConfigurationChange),
  /** All that operators had set then, whatever default and environment said. */
  overrides: ConfigurationValues,
  /** SHA-256 over `previous_hash` and all of this: links it to the version before (SEC-4). */
  hash: z.string(),
  /** 64 zeros where there was none. */
  previous_hash: z.string(),
})
export type ConfigurationVersion = z.infer<typeof ConfigurationVersion>

/** Newest first. */
export const ConfigurationHistory = z.object({
  versions: z.array(ConfigurationVersion),
  /** The oldest version that is not as it was written, or does not follow the one before. */
  broken_at: z.nullable(z.int()),
})
export type ConfigurationHistory = z.infer<typeof ConfigurationHistory>
