/** The environments of wrangler.toml: what must be the same in all of them is, and none holds a secret. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unstable_readConfig, type Unstable_Config } from 'wrangler'
import { settingsProblems } from '../../../src/http/settings.ts'
import { environments } from '../../../tools/deploy/arguments.ts'

const projectDir = join(import.meta.dirname, '../../..')
const config = join(projectDir, 'wrangler.toml')
const read = (env?: string): Unstable_Config =>
  unstable_readConfig({ config, ...(env === undefined ? {} : { env }) }, { hideWarnings: true })

const development = read()
const deployed = environments.map((env) => ({ env, ...read(env) }))
const secretName = /(SECRET|_TOKEN|PRIVATE_KEY|API_KEY|^DATABASE_URL|^DATABASE_READ_URL)$/

/** All that environments have in common. */
const same = ({
  main,
  compatibility_date,
  compatibility_flags,
  migrations,
  assets,
  triggers,
  observability,
  durable_objects,
}: Unstable_Config) => ({
  main,
  compatibility_date,
  compatibility_flags,
  migrations,
  assets,
  triggers,
  observability,
  durable_objects,
})

test.each(deployed)('[RUN-3] $env is the same Worker as development', (environment) => {
  expect(same(environment)).toEqual(same(development))
  expect(environment.durable_objects.bindings.length).toBeGreaterThan(9)
  expect(environment.r2_buckets.map(({ binding }) => binding)).toEqual(['FILES'])
})

test('[RUN-3] environments share neither a name nor a bucket', () => {
  const all = [development, ...deployed]
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  const buckets = all.flatMap(({ r2_buckets }) => r2_buckets.map(({ bucket_name }) => bucket_name))
  expect(new Set(buckets).size).toBe(all.length)
})

test('[RUN-3] each class has a binding and a migration', async () => {
  const worker = await readFile(join(projectDir, 'src/worker.ts'), 'utf8')
  const exported = [...worker.matchAll(/export \{ (\w+) \} from '.\/durable\//g)].map((m) => m[1])
  const bound = development.durable_objects.bindings.map(({ class_name }) => class_name)
  const migrated = development.migrations.flatMap(
    ({ new_sqlite_classes = [] }) => new_sqlite_classes,
  )
  expect(exported.length).toBeGreaterThan(9)
  expect(bound.toSorted()).toEqual(exported.toSorted())
  expect(migrated.toSorted()).toEqual(exported.toSorted())
})

test.each(deployed)('[SEC-1] [SEC-5] variables of $env: no dev login, no secret', (environment) => {
  expect(environment.vars).toMatchObject({ ENVIRONMENT: environment.env, AUTH_DEV_LOGIN: 'false' })
  expect(Object.keys(environment.vars).filter((name) => secretName.test(name))).toEqual([])
  expect(environment.secrets?.required).toEqual(['DATABASE_URL', 'AUTH_SECRET', 'PROOF_SECRET'])
})

test('[SEC-5] nor is a secret at the top level', () => {
  expect(development.vars).toMatchObject({ ENVIRONMENT: 'development', AUTH_DEV_LOGIN: 'false' })
  expect(Object.keys(development.vars).filter((name) => secretName.test(name))).toEqual([])
})

test.each(deployed)('[RUN-3] the variables of $env with its secrets would start', (environment) => {
  const vars = Object.fromEntries(
    Object.entries(environment.vars).map(([name, value]) => [name, String(value)]),
  )
  const secrets = {
    DATABASE_URL: 'postgres://muster:secret@ep-quiet-leaf.eu-central-1.aws.neon.tech/muster',
    AUTH_SECRET: 'a'.repeat(32),
    PROOF_SECRET: 'b'.repeat(32),
  }
  expect(settingsProblems({ ...vars, ...secrets })).toEqual([])
  expect(settingsProblems(vars)).toContainEqual(expect.stringContaining('DATABASE_URL'))
})

test('[SEC-5] every secret is in the list that operators go by', async () => {
  const example = await readFile(join(projectDir, '.dev.vars.example'), 'utf8')
  const names = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? '')
  const secrets = names.filter((name) => secretName.test(name))
  expect(secrets).toContain('AUTH_SECRET')
  const operations = await readFile(join(projectDir, 'docs/operations.md'), 'utf8')
  const table = /### Secrets\n(.*?)\n##/s.exec(operations)?.[1] ?? ''
  expect(secrets.filter((name) => !table.includes(`| \`${name}\``))).toEqual([])
})
