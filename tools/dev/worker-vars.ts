/** The variables that a local Worker gets: safe development values, each open to the environment. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { emailVars, whatsappVars } from '../fakes/outside-services.ts'
import type { DataDir } from './data-dir.ts'
import type { LocalDatabase } from './local-database.ts'

const projectDir = resolve(import.meta.dirname, '../..')
// These two are what the tool decides itself.
const ours = new Set(['DATABASE_URL', 'DATABASE_PROXY'])

/** @param outsideUrl of the stand-ins, for what the environment has no account of its own for */
export async function workerVars(
  dataDir: DataDir,
  database: LocalDatabase,
  outsideUrl: string,
): Promise<Record<string, string>> {
  const given = await fromEnvironment()
  const has = (prefix: string) => Object.keys(given).some((name) => name.startsWith(prefix))
  return {
    ENVIRONMENT: 'development',
    AUTH_DEV_LOGIN: 'true',
    AUTH_SECRET: await dataDir.authSecret(),
    METRICS_TOKEN: await dataDir.metricsToken(),
    ...(await dataDir.vapidKeys()),
    VAPID_SUBJECT: 'mailto:muster@example.com',
    ...(has('EMAIL_') ? {} : emailVars(outsideUrl)),
    ...(has('WHATSAPP_') ? {} : whatsappVars(outsideUrl)),
    ...given,
    DATABASE_URL: database.url,
    ...(database.proxy === undefined ? {} : { DATABASE_PROXY: database.proxy }),
  }
}

/** `DB_POOL_SIZE=5 npm start` works for every variable that .dev.vars.example explains. */
async function fromEnvironment(): Promise<Record<string, string>> {
  const example = await readFile(join(projectDir, '.dev.vars.example'), 'utf8')
  const names = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? '')
  const values: Record<string, string> = {}
  for (const name of names) {
    const value = process.env[name]
    if (value !== undefined && value !== '' && !ours.has(name)) values[name] = value
  }
  return values
}
