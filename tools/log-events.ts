/** The list of the log's events in docs/logs.md, from the source: `node tools/log-events.ts` writes it. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { events } from '../src/telemetry/events.ts'

const projectDir = resolve(import.meta.dirname, '..')
const path = join(projectDir, 'docs/logs.md')
const heading = '## Events'

/** Where the source tells an event, by name, and at which level. */
export function tellings(): { level: string; event: string }[] {
  return globSync('src/**/*.ts', { cwd: projectDir }).flatMap((file) => {
    const source = readFileSync(join(projectDir, file), 'utf8')
    const found = source.matchAll(/\blog\.(info|warn|error)\(\s*'(\w+)'/g)
    return Array.from(found, ([, level = '', event = '']) => ({ level, event }))
  })
}

/** One line an event, so that two changes seldom meet. */
function logList(): string[] {
  const told = tellings()
  return Object.entries(events).map(([name, { says, fields }]) => {
    const levels = told.flatMap(({ level, event }) => (event === name ? level : []))
    const named = fields.map((field) => `\`${field}\``).join(' ')
    return `- \`${name}\` (${[...new Set(levels)].toSorted().join(', ')}): ${says} ${named}`
  })
}

/** The list is made anew: it is the last section. */
export async function logsDocument(): Promise<string> {
  const [before = ''] = readFileSync(path, 'utf8').split(heading)
  const text = [before + heading, '', ...logList(), ''].join('\n')
  return format(text, { ...(await resolveConfig(path)), parser: 'markdown' })
}

if (import.meta.main) writeFileSync(path, await logsDocument())
