/** The settings in docs/configuration.md, from the schema: `node tools/configuration-list.ts` writes them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import type { Setting } from '../src/domain/configuration/definition.ts'
import { rules } from '../src/domain/configuration/rules.ts'
import { settingOf } from '../src/domain/configuration/schema.ts'
import { ConfigurationGroup } from '../src/protocol/configuration.ts'
import { settingNames } from '../src/protocol/setting-names.ts'

const path = join(resolve(import.meta.dirname, '..'), 'docs/configuration.md')
const heading = '## Settings'

const titles = {
  pool: 'The database pool',
  rooms: 'Rooms',
  sockets: 'Sockets',
  bursts: 'One-way messages',
  rate_limits: 'Rate limits',
  shedding: 'Under pressure',
  alerts: 'Alerts',
} as const satisfies Record<ConfigurationGroup, string>

/** `20 connections; 1 to 500`. */
function bounds(setting: Setting): string {
  if (setting.kind === 'choice')
    return `\`${setting.default}\`; ${setting.choices.map((one) => `\`${one}\``).join(' or ')}`
  const { kind, unit, min, max } = setting
  const value = kind === 'levels' ? `\`${setting.default.join(',')}\`` : setting.default
  return `${value} ${unit}; ${min} to ${max}${kind === 'levels' ? ', ascending' : ''}`
}

/** One line a setting. */
function settingList(): string[] {
  return ConfigurationGroup.options.flatMap((group) => [
    `### ${titles[group]}`,
    '',
    ...settingNames[group].map((name) => {
      const setting = settingOf(name)
      return `- \`${name}\` (${bounds(setting)}): ${setting.help}`
    }),
    '',
  ])
}

function ruleList(): string[] {
  return rules.map(
    ({ lower, upper, strictly }) =>
      `- \`${lower}\` must ${strictly ? 'be less than' : 'not exceed'} \`${upper}\`.`,
  )
}

/** Both lists are made anew: they are the last sections. */
export async function configurationDocument(): Promise<string> {
  const [before = ''] = readFileSync(path, 'utf8').split(heading)
  const lines = [
    ...[before + heading, ''],
    ...['The first number is the default; then come the bounds.', ''],
    ...settingList(),
    ...['## Settings that belong together', ''],
    ...ruleList(),
    '- `db_pool_size` must not be less than `DB_GATEWAY_SHARDS`, which only the environment sets.',
    '',
  ]
  return format(lines.join('\n'), { ...(await resolveConfig(path)), parser: 'markdown' })
}

if (import.meta.main) writeFileSync(path, await configurationDocument())
