/** What a change of the configuration does, and which may not be made. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admit, laidOver } from '../../../../src/domain/configuration/overrides.ts'
import {
  isNothing,
  planChange,
  planRollback,
  type GivenValues,
  type Plan,
} from '../../../../src/domain/configuration/plan.ts'
import { allNames, settingOf } from '../../../../src/domain/configuration/schema.ts'
import { shown } from '../../../../src/domain/configuration/shown.ts'
import { settingsProblems } from '../../../../src/http/settings.ts'
import type { Variables } from '../../../../src/lib/variables.ts'
import type { ConfigurationValue } from '../../../../src/protocol/configuration.ts'

const good: Variables = {
  ENVIRONMENT: 'development',
  AUTH_SECRET: 'development-only-secret-change-me-please',
  DATABASE_URL: 'postgres://localhost/muster',
}

type Given = {
  readonly given: GivenValues
  readonly held?: Record<string, ConfigurationValue> | undefined
  readonly environment?: Variables
}

const standingOf = ({ held = {}, environment = {} }: Omit<Given, 'given'>) => ({
  environment: { ...good, ...environment },
  held: { version: 7, overrides: held },
  check: settingsProblems,
})

const plan = ({ given, ...rest }: Given): Plan => planChange(standingOf(rest), given)

const problemsIn = (planned: Plan) => (planned.ok ? [] : planned.problems)

test('control: the environment of these tests is good', () => {
  expect(settingsProblems(good)).toEqual([])
})

describe('[OPS-4] a change', () => {
  test('is told by what was in force and what will be', () => {
    const planned = plan({ given: { db_pool_size: 40, commit_mode: 'group' } })
    expect(planned).toEqual({
      ok: true,
      overrides: { db_pool_size: 40, commit_mode: 'group' },
      changes: [
        { name: 'db_pool_size', from: 20, to: 40 },
        { name: 'commit_mode', from: 'each', to: 'group' },
      ],
    })
  })

  test('is merged over what is set; null takes one back to the environment', () => {
    const planned = plan({
      given: { db_pool_size: null, db_slow_ms: 100 },
      held: { db_pool_size: 40, gather_ms: 5 },
      environment: { DB_POOL_SIZE: '30' },
    })
    expect(planned).toMatchObject({
      overrides: { gather_ms: 5, db_slow_ms: 100 },
      changes: [
        { name: 'db_pool_size', from: 40, to: 30 },
        { name: 'db_slow_ms', from: 500, to: 100 },
      ],
    })
  })

  test('to what the environment says anyway is not kept: it follows the environment', () => {
    const environment = { SHED_COMMIT_MS: '1,2,3,4,5', DB_POOL_SIZE: '30' }
    const given = { shed_commit_ms: [1, 2, 3, 4, 5], db_pool_size: 30 }
    const planned = plan({ given, environment })
    expect(planned).toEqual({ ok: true, overrides: {}, changes: [] })
    expect(planned.ok && isNothing(planned, { version: 7, overrides: {} })).toBe(true)
    const held = { db_pool_size: 30 }
    expect(planned.ok && isNothing(planned, { version: 7, overrides: held })).toBe(false)
  })

  test.each<[string, ConfigurationValue | null]>([
    ['db_pool_size', 0],
    ['db_pool_size', 501],
    ['db_pool_size', 2.5],
    ['db_pool_size', '40'],
    ['db_pool_size', [40]],
    ['db_pool_timeout', 0.05],
    ['commit_mode', 'both'],
    ['commit_mode', ''],
    ['commit_mode', 1],
    ['shed_commit_ms', [1, 2, 3, 4]],
    ['shed_commit_ms', [1, 2, 3, 4, 4]],
    ['shed_commit_ms', '1,2,3,4,5'],
    ['shed_commit_ms', 5],
    ['auth_secret', 'x'],
    ['db_gateway_shards', 4],
    ['__proto__', 1],
    ['toString', null],
  ])('is refused where %s is %j, by its name', (name, value) => {
    const problems = problemsIn(plan({ given: Object.fromEntries([[name, value]]) }))
    expect(problems.map((problem) => problem.name)).toEqual([name])
    expect(problems[0]?.message).not.toMatch(/[A-Z]{3}_/)
  })

  test('is refused as a whole, with everything that is wrong', () => {
    const problems = problemsIn(
      plan({ given: { db_pool_size: 0, gather_ms: -1, db_slow_ms: 100, commit_mode: 'x' } }),
    )
    expect(problems.map(({ name }) => name)).toEqual(['db_pool_size', 'gather_ms', 'commit_mode'])
  })

  test.each<{ given: GivenValues; held?: Given['held']; environment?: Variables; says: string[] }>([
    { given: { dispatch_slow_low_ratio: 0.95 }, says: ['dispatch_slow_low_ratio'] },
    {
      given: { lag_max_bytes: null },
      held: { lag_max_bytes: 20_000_000, lag_shed_bytes: 10_000_000 },
      says: ['lag_max_bytes'],
    },
    { given: { heartbeat_timeout_ms: 30_000 }, says: ['heartbeat_timeout_ms'] },
    {
      given: { lag_shed_bytes: 8_388_608, lag_max_bytes: 8_388_608 },
      says: ['lag_shed_bytes', 'lag_max_bytes'],
    },
    { given: { dispatch_slow_low_ratio: 0.95 }, says: ['dispatch_slow_low_ratio'] },
    {
      given: { dispatch_retry_max_ms: 1_000, dispatch_retry_min_ms: 2_000 },
      says: ['dispatch_retry_max_ms', 'dispatch_retry_min_ms'],
    },
    { given: { pending_max_count: 50 }, says: ['pending_max_count'] },
    // Of the environment alone; and what is said names the setting.
    {
      given: { db_pool_size: 3 },
      environment: { DB_GATEWAY_SHARDS: '4' },
      says: ['db_pool_size'],
    },
  ])('is refused where $given breaks a rule between settings', ({ says, ...one }) => {
    const problems = problemsIn(plan(one))
    expect(problems.map(({ name }) => name)).toEqual(says)
    for (const { name, message } of problems) expect(message).toContain(name)
  })

  test('that mends two of a rule at once is fine', () => {
    expect(plan({ given: { pending_max_count: 50, commit_batch_max_count: 50 } }).ok).toBe(true)
    expect(plan({ given: { lag_shed_bytes: 20_000_000, lag_max_bytes: 30_000_000 } }).ok).toBe(true)
  })

  test('is not held up by what the environment has wrong elsewhere', () => {
    const environment = { EMAIL_API_URL: 'ftp://nowhere' }
    expect(settingsProblems({ ...good, ...environment })).not.toEqual([])
    expect(plan({ given: { gather_ms: 3 }, environment }).ok).toBe(true)
  })
})

describe('[OPS-4] a rollback', () => {
  test('is to all that a version had set, and to nothing else', () => {
    const standing = standingOf({ held: { db_pool_size: 40, gather_ms: 5 } })
    expect(planRollback(standing, { gather_ms: 9 })).toMatchObject({
      overrides: { gather_ms: 9 },
      changes: [
        { name: 'db_pool_size', from: 40, to: 20 },
        { name: 'gather_ms', from: 5, to: 9 },
      ],
    })
  })

  test('to what is not allowed any more is refused', () => {
    const planned = planRollback(standingOf({}), { gather_ms: 9_999, gone: 1 })
    expect(problemsIn(planned).map(({ name }) => name)).toEqual(['gather_ms', 'gone'])
  })
})

describe('[OPS-4] what was set under other bounds', () => {
  const held = { db_pool_size: 9_999, gone: 1, gather_ms: 5, dispatch_slow_low_ratio: 0.95 }

  test('has no effect and is named; the rest has', () => {
    const { overrides, variables, ignored } = admit(good, held, settingsProblems)
    expect(overrides).toEqual({ gather_ms: 5 })
    expect(variables).toEqual({ ...good, GATHER_MS: '5' })
    expect(ignored.map(({ name }) => name)).toEqual([
      'db_pool_size',
      'gone',
      'dispatch_slow_low_ratio',
    ])
  })

  test('is shown, does not stop another change, and goes with it', () => {
    const view = shown(good, { overrides: held }, settingsProblems)
    expect(view.values).toMatchObject({ db_pool_size: 20, gather_ms: 5 })
    expect(view.ignored).toHaveLength(3)
    expect(plan({ held, given: { db_slow_ms: 100, gone: null } })).toMatchObject({
      overrides: { gather_ms: 5, db_slow_ms: 100 },
      changes: [{ name: 'db_slow_ms' }],
    })
  })
})

test('[OPS-4] where a value comes from is shown', () => {
  const { settings } = shown(
    { ...good, DB_POOL_SIZE: '30', DB_MAX_OVERFLOW: '' },
    { overrides: { gather_ms: 5 } },
    settingsProblems,
  )
  const of = (name: string) => settings.find((one) => one.name === name)
  expect(settings.map(({ name }) => name)).toEqual(allNames)
  expect(of('gather_ms')).toMatchObject({ source: 'runtime', default: 2, base: 2 })
  expect(of('db_pool_size')).toMatchObject({ source: 'environment', default: 20, base: 30 })
  expect(of('db_max_overflow')).toMatchObject({ source: 'default', default: 30, base: 30 })
  expect(of('commit_mode')).toMatchObject({ min: null, max: null, choices: ['each', 'group'] })
})

/** Around the bounds of each setting, within them and beyond. */
const anyValue = (name: (typeof allNames)[number]): fc.Arbitrary<ConfigurationValue> => {
  const setting = settingOf(name)
  if (setting.kind === 'choice') return fc.constantFrom(...setting.choices, 'other')
  const { min, max } = setting
  const within =
    setting.kind === 'integer'
      ? fc.integer({ min: Math.floor(min), max: Math.ceil(max) })
      : fc.double({ min, max, noNaN: true })
  const one = fc.oneof(
    { weight: 12, arbitrary: within },
    fc.constantFrom(min - 1, max + 1, min, max),
  )
  if (setting.kind !== 'levels') return one
  const five = fc.array(one, { minLength: 5, maxLength: 5 })
  return fc.oneof(
    five.map((values) => values.toSorted((low, high) => low - high)),
    five,
  )
}

const anyValues = fc
  .subarray([...allNames], { minLength: 1, maxLength: 6 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, anyValue(name)]))))

test('[OPS-4] whatever is accepted is fit to start with, and what is admitted always is', () => {
  let accepted = 0
  let refused = 0
  fc.assert(
    fc.property(anyValues, anyValues, (held, given) => {
      const standing = standingOf({ held })
      const planned = planChange(standing, given)
      if (planned.ok) {
        accepted += 1
        expect(settingsProblems(laidOver(good, planned.overrides))).toEqual([])
        // Nothing is lost on the way through text.
        const { values } = shown(good, planned, settingsProblems)
        for (const [name, value] of Object.entries(given)) expect(values[name]).toEqual(value)
      } else {
        refused += 1
        expect(planned.problems.length).toBeGreaterThan(0)
      }
      expect(settingsProblems(admit(good, held, settingsProblems).variables)).toEqual([])
    }),
    { numRuns: 200 },
  )
  expect(accepted).toBeGreaterThan(20)
  expect(refused).toBeGreaterThan(20)
}, 60_000)
