/** The configuration that admins change while Muster runs: its endpoints, and who hears of it. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { brokenAt, chainedText } from '../../../src/domain/configuration/chain.ts'
import type { HeldConfiguration } from '../../../src/domain/configuration/overrides.ts'
import { Control } from '../../../src/durable/control.ts'
import { ControlConfiguration } from '../../../src/durable/control-configuration.ts'
import { DatabaseGateway } from '../../../src/durable/database-gateway.ts'
import { KnownConfiguration } from '../../../src/durable/known-configuration.ts'
import { controlStub } from '../../../src/durable/stubs.ts'
import type {
  ChangeConfiguration,
  ChangedConfiguration,
  Configuration,
  ConfigurationHistory,
  RollBackConfiguration,
} from '../../../src/protocol/configuration.ts'
import type { Problem } from '../../../src/protocol/errors.ts'
import { makeAdmin, signIn, type Caller } from '../http-client.ts'
import { bindings } from '../support/bindings.ts'

const path = '/api/admin/config'
const none = 0

let admin: Caller
beforeEach(async () => {
  // afterEach takes back that of the client, too.
  vi.spyOn(console, 'info').mockImplementation(() => {})
  admin = await signIn('admin')
  await makeAdmin(admin.user_id)
})
afterEach(() => vi.restoreAllMocks())

const now = async () => (await admin.get<Configuration>(path)).body
const put = (values: ChangeConfiguration['values'], more: Partial<ChangeConfiguration> = {}) =>
  admin.put<ChangedConfiguration & Problem>(path, { values, expected_version: none, ...more })
const rollBack = (wish: RollBackConfiguration) =>
  admin.post<ChangedConfiguration & Problem>(`${path}/rollback`, wish)
const history = async () => (await admin.get<ConfigurationHistory>(`${path}/history`)).body

/** Whatever was set before, in a version of its own. */
const set = async (values: ChangeConfiguration['values'], note = '') => {
  const answer = await put(values, { expected_version: (await now()).version, note })
  expect(answer.status).toBe(200)
  return answer.body
}

/** Another isolate, with a memory of its own, which knows nothing. */
const anotherIsolate = () => {
  const known = new KnownConfiguration()
  return {
    inForce: () => known.inForce(bindings),
    refresh: () => known.refresh(bindings),
    whenKnown: () => known.whenKnown(bindings, () => {}),
    tell: (held: HeldConfiguration) => known.tell(held),
  }
}

describe('[OPS-4] a change', () => {
  test('is told, kept, logged by name, and in the history', async () => {
    const log = vi.spyOn(console, 'info')
    const { version } = await now()
    const changed = await set({ gather_ms: 7, shed_commit_ms: [1, 2, 3, 4, 5] }, 'a try')
    expect(changed).toMatchObject({
      version: version + 1,
      environment: 'development',
      changed_by: admin.user_id,
      changes: [
        { name: 'gather_ms', to: 7 },
        { name: 'shed_commit_ms', to: [1, 2, 3, 4, 5] },
      ],
    })
    const shown = await now()
    expect(shown.values).toMatchObject({ gather_ms: 7, shed_commit_ms: [1, 2, 3, 4, 5] })
    expect(shown.settings.find(({ name }) => name === 'gather_ms')?.source).toBe('runtime')
    const [newest] = (await history()).versions
    const { changes, changed_at } = changed
    expect(newest).toMatchObject({ version: version + 1, note: 'a try', changes, changed_at })
    const line = log.mock.calls.map(String).find((one) => one.includes('configuration_changed'))
    expect(line).toContain('"names":["gather_ms","shed_commit_ms"]')
    expect(line).toContain(admin.user_id)
  })

  test('that changes nothing makes no version, and a dry run neither', async () => {
    const { version } = await set({ gather_ms: 8 })
    const same = await put({ gather_ms: 8 }, { expected_version: version })
    expect(same).toMatchObject({ status: 200, body: { version, changes: [] } })
    const dry = await put({ gather_ms: 9 }, { expected_version: version, dry_run: true })
    expect(dry.body).toMatchObject({
      version,
      changes: [{ name: 'gather_ms', from: 8, to: 9 }],
      values: { gather_ms: 9 },
    })
    expect((await now()).values['gather_ms']).toBe(8)
    expect((await now()).version).toBe(version)
  })

  test('that is bad in several places names them all, and nothing of it takes effect', async () => {
    const { version } = await now()
    const { status, body } = await put(
      { db_pool_size: 1, gather_ms: 4, dispatch_slow_low_ratio: 0.95 },
      { expected_version: version },
    )
    expect([status, body.code]).toEqual([400, 'bad_request'])
    expect(body.problems?.map(({ name }) => name).toSorted()).toEqual([
      'db_pool_size',
      'dispatch_slow_low_ratio',
    ])
    const single = await put({ gather_ms: -1, no_such: 1 }, { expected_version: version })
    expect(single.body.problems?.map(({ name }) => name)).toEqual(['no_such'])
    expect((await now()).version).toBe(version)
    const { inForce, whenKnown } = anotherIsolate()
    await whenKnown()
    expect(inForce().version).toBe(version)
    expect(inForce().variables.GATHER_MS).not.toBe('4')
  })

  test.each([
    { expected_version: 1 },
    { values: {} },
    { values: { gather_ms: true }, expected_version: 0 },
    { values: { gather_ms: 4 }, expected_version: 0, note: 'n'.repeat(501) },
    null,
  ])('[API-7] whose body is %j is no change', async (body) => {
    expect((await admin.put<Problem>(path, body)).status).toBe(400)
  })

  test('of many at once from the same version is made once', async () => {
    const { version } = await now()
    const wishes = [11, 12, 13, 14, 15, 16]
    const answers = await Promise.all(
      wishes.map((gather_ms) => put({ gather_ms }, { expected_version: version })),
    )
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409])
    const made = answers.find(({ status }) => status === 200)?.body
    expect(await now()).toMatchObject({ version: version + 1, values: made?.values })
    expect((await history()).broken_at).toBeNull()
  })

  test('holds though Control dies in the middle', async () => {
    const { version } = await set({ gather_ms: 21 })
    await evictDurableObject(controlStub(bindings))
    expect(await now()).toMatchObject({ version, values: { gather_ms: 21 } })
    expect((await put({ gather_ms: 22 }, { expected_version: version - 1 })).status).toBe(409)
    const next = await put({ gather_ms: 22 }, { expected_version: version })
    expect(next.body).toMatchObject({ version: version + 1 })
    expect((await history()).broken_at).toBeNull()
  })
})

describe('[OPS-4] a rollback', () => {
  test('is one action: a new version with what that one had set', async () => {
    const before = await set({ gather_ms: 31, db_slow_ms: 300 })
    await set({ gather_ms: 32, db_slow_ms: null, recent_max_count: 50 })
    const dry = await rollBack({ version: before.version, dry_run: true })
    expect(dry.body).toMatchObject({ version: before.version + 1, values: before.values })
    const { status, body } = await rollBack({ version: before.version, note: 'slower' })
    expect([status, body.version]).toEqual([200, before.version + 2])
    expect(body.values).toEqual(before.values)
    expect(body.changes.map(({ name }) => name)).toEqual([
      'db_slow_ms',
      'gather_ms',
      'recent_max_count',
    ])
    expect((await history()).versions[0]).toMatchObject({
      rolled_back_to: before.version,
      note: 'slower',
      changed_by: admin.user_id,
    })
    const all = await rollBack({ version: 0, expected_version: body.version })
    expect(all.body.settings.map(({ source }) => source)).not.toContain('runtime')
  })

  test('to what never was, or from what is not any more, is refused', async () => {
    const { version } = await now()
    expect((await rollBack({ version: version + 1 })).status).toBe(404)
    expect((await rollBack({ version: 0, expected_version: version + 1 })).status).toBe(409)
  })
})

test('[OPS-4] the history hangs together by hashes that anybody can check', async () => {
  await set({ gather_ms: 41 })
  await set({ gather_ms: 42 })
  const { versions, broken_at } = await history()
  expect(broken_at).toBeNull()
  const oldestFirst = versions.toReversed()
  const hashes = await Promise.all(
    oldestFirst.map(async (one) => {
      const bytes = new TextEncoder().encode(chainedText(one))
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
    }),
  )
  expect(hashes).toEqual(oldestFirst.map(({ hash }) => hash))
  expect(brokenAt(oldestFirst, hashes)).toBeNull()
  const one = await admin.get<ConfigurationHistory>(`${path}/history?limit=1`)
  expect(one.body.versions).toEqual(versions.slice(0, 1))
})

describe('[OPS-4] another isolate', () => {
  test('that knows nothing waits for the answer, and has it', async () => {
    const { version } = await set({ gather_ms: 51 })
    const { inForce, whenKnown } = anotherIsolate()
    expect(inForce()).toEqual({ version: 0, variables: bindings })
    await whenKnown()
    expect(inForce()).toMatchObject({ version, variables: { GATHER_MS: '51' } })
    // From now on nothing is waited for, and reading is a look.
    expect(whenKnown()).toBeUndefined()
    expect(inForce()).toBe(inForce())
  })

  test('that knows something sees a change by asking now and then, one at a time', async () => {
    const { version } = await set({ gather_ms: 52 })
    const { inForce, refresh, whenKnown } = anotherIsolate()
    await whenKnown()
    const asked = vi.spyOn(Control.prototype, 'configuration')
    const changed = await set({ gather_ms: 53 })
    expect(inForce().version).toBe(version)
    await vi.waitUntil(
      () => {
        const asking = [refresh(), refresh()]
        expect(asking[1]).toBeUndefined()
        return inForce().version === changed.version
      },
      { timeout: 15_000, interval: 20 },
    )
    expect(inForce().variables).toMatchObject({ GATHER_MS: '53' })
    expect(asked.mock.calls.length).toBeLessThan(10)
  })

  test('[LIM-3] goes on with what it knew while Control is away', async () => {
    const { version } = await set({ gather_ms: 54 })
    const { inForce, refresh, whenKnown } = anotherIsolate()
    await whenKnown()
    vi.spyOn(Control.prototype, 'configuration').mockRejectedValue(new Error('away'))
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await vi.waitUntil(
      () => {
        void refresh()
        return warned.mock.calls.length > 0
      },
      {
        timeout: 15_000,
        interval: 20,
      },
    )
    expect(String(warned.mock.calls[0])).toContain('configuration_not_read')
    expect(inForce()).toMatchObject({ version, variables: { GATHER_MS: '54' } })
    expect(whenKnown()).toBeUndefined()
  })

  test.each(['fails', 'says nothing'])(
    '[LIM-3] that knows nothing starts with the environment where Control %s',
    async (how) => {
      await set({ gather_ms: 55 })
      const silence = Promise.withResolvers<never>()
      silence.promise.catch(() => {})
      const answers = () => (how === 'fails' ? Promise.reject(new Error('away')) : silence.promise)
      const asked = vi
        .spyOn(Control.prototype, 'configuration')
        .mockImplementation(answers as unknown as Control['configuration'])
      const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { inForce, whenKnown } = anotherIsolate()
      await whenKnown()
      expect(inForce()).toEqual({ version: 0, variables: bindings })
      expect(String(warned.mock.calls[0])).toContain('configuration_not_read')
      // The next one does not wait again at once.
      expect(whenKnown()).toBeUndefined()
      asked.mockRestore()
      silence.reject(new Error('reset'))
      await vi.waitUntil(
        async () => {
          await whenKnown()
          return inForce().variables.GATHER_MS === '55'
        },
        { timeout: 15_000, interval: 20 },
      )
    },
  )

  test('never goes back to an older version that it is told late', async () => {
    const { inForce, tell } = anotherIsolate()
    tell({ version: 9, overrides: { gather_ms: 56 } })
    tell({ version: 8, overrides: { gather_ms: 57 } })
    expect(inForce()).toMatchObject({ version: 9, variables: { GATHER_MS: '56' } })
  })

  test('leaves out what its bounds do not allow, says so, and starts', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { inForce, tell } = anotherIsolate()
    tell({ version: 1, overrides: { gather_ms: 101, db_slow_ms: 77, of_a_later_time: 1 } })
    const { variables } = inForce()
    expect(variables).toEqual({ ...bindings, DB_SLOW_MS: '77' })
    expect(warned.mock.calls.map(String).join()).toContain('configuration_ignored')
  })
})

test('[OPS-4] [LIM-4] of the history only the newest are kept, and hang together still', async () => {
  const { versions } = await runInDurableObject(controlStub(bindings), async (_control, state) => {
    // What was there before goes, too: this is what the table may hold.
    const kept = new ControlConfiguration(state.storage.sql, bindings, 3)
    const first = kept.held().version
    for (let gather_ms = 71; gather_ms < 77; gather_ms += 1)
      await kept.change({
        values: { gather_ms },
        expected_version: kept.held().version,
        by: admin.user_id,
      })
    const gone = await kept.rollBack({ version: first + 3, by: admin.user_id })
    expect(gone).toMatchObject({ ok: false, refusal: { code: 'not_found' } })
    const back = await kept.rollBack({ version: first + 4, by: admin.user_id })
    expect(back).toMatchObject({ ok: true, value: { held: { overrides: { gather_ms: 74 } } } })
    return kept.history(500)
  })
  expect(versions.map(({ overrides }) => overrides['gather_ms'])).toEqual([74, 76, 75])
  expect((await history()).broken_at).toBeNull()
})

test('[OPS-4] the sharded objects are told at once; one that does not answer fails nothing', async () => {
  const told = vi.spyOn(DatabaseGateway.prototype, 'configured').mockImplementation(() => {
    throw new Error('busy')
  })
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { version } = await set({ gather_ms: 61 })
  await vi.waitUntil(
    () => warned.mock.calls.map(String).join().includes('configuration_not_told'),
    {
      timeout: 15_000,
    },
  )
  // Both gateways, and nobody else failed.
  expect(told.mock.calls.map(([held]) => held.version)).toEqual([version, version])
  const line = warned.mock.calls.map(String).find((one) => one.includes('configuration_not_told'))
  expect(line).toContain('"count":2')
})

test('[OPS-4] [LIM-3] the endpoints say that Control is away', async () => {
  vi.spyOn(Control.prototype, 'shownConfiguration').mockImplementation(() => {
    throw new Error('away')
  })
  expect((await admin.get<Problem>(path)).body).toMatchObject({ status: 503, code: 'unavailable' })
})
