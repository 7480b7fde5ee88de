import { describe, expect, test } from 'vitest'
import { readPoolSettings, shardOf, shareOf } from '../../../src/database/pool-settings.ts'
import { SettingsError } from '../../../src/lib/variables.ts'

describe('[DB-2] the variables', () => {
  test('have defaults, also where they are empty', () => {
    const defaults = {
      size: 20,
      overflow: 30,
      timeout_ms: 10_000,
      recycle_s: 1_800,
      shards: 2,
      idle_sleep_ms: 0,
    }
    expect(readPoolSettings({})).toEqual(defaults)
    expect(readPoolSettings({ DB_POOL_SIZE: '', DB_POOL_TIMEOUT: '' })).toEqual(defaults)
  })

  test('are taken as they are', () => {
    const settings = readPoolSettings({
      DB_POOL_SIZE: '7',
      DB_MAX_OVERFLOW: '0',
      DB_POOL_TIMEOUT: '2.5',
      DB_POOL_RECYCLE: '60',
      DB_GATEWAY_SHARDS: '3',
      DB_IDLE_SLEEP: '30',
    })
    expect(settings).toEqual({
      size: 7,
      overflow: 0,
      timeout_ms: 2_500,
      recycle_s: 60,
      shards: 3,
      idle_sleep_ms: 30_000,
    })
  })

  test.each([
    ['DB_POOL_SIZE', ['0', '-1', '501', '2.5', 'many', 'Infinity', 'NaN', '20 connections']],
    ['DB_MAX_OVERFLOW', ['-1', '501', '0.5']],
    ['DB_POOL_TIMEOUT', ['0', '0.05', '121', 'soon']],
    ['DB_POOL_RECYCLE', ['9', '86401', '10.5']],
    ['DB_GATEWAY_SHARDS', ['0', '65', '1.5']],
    ['DB_IDLE_SLEEP', ['-1', '86401', 'never']],
  ] as const)('%s: a bad value stops the start and is named', (name, values) => {
    for (const value of values) {
      const read = () => readPoolSettings({ DB_POOL_SIZE: '64', [name]: value })
      expect(read, value).toThrow(SettingsError)
      expect(read, value).toThrow(name)
      expect(read, value).toThrow(value)
    }
  })

  test.each([
    ['DB_POOL_SIZE', ['1', '500']],
    ['DB_MAX_OVERFLOW', ['0', '500']],
    ['DB_POOL_TIMEOUT', ['0.1', '120']],
    ['DB_POOL_RECYCLE', ['10', '86400']],
    ['DB_GATEWAY_SHARDS', ['1', '64']],
    ['DB_IDLE_SLEEP', ['0', '86400']],
  ] as const)('%s: control: the bounds themselves are good', (name, values) => {
    for (const value of values) {
      const shards = name === 'DB_POOL_SIZE' ? '1' : '2'
      const variables = { DB_GATEWAY_SHARDS: shards, DB_POOL_SIZE: '64', [name]: value }
      expect(() => readPoolSettings(variables), value).not.toThrow()
    }
  })

  test('there are not more shards than connections to keep open', () => {
    const variables = { DB_POOL_SIZE: '3', DB_GATEWAY_SHARDS: '4' }
    expect(() => readPoolSettings(variables)).toThrow(/DB_GATEWAY_SHARDS is 4.*DB_POOL_SIZE \(3\)/)
  })
})

describe('[DB-2] the shards', () => {
  test.each([
    [20, 30, 2],
    [20, 30, 7],
    [1, 0, 1],
    [5, 1, 4],
    [64, 500, 64],
  ])('of %i + %i over %i add up to the limits of the deployment', (size, overflow, shards) => {
    const settings = { ...readPoolSettings({}), size, overflow, shards }
    const shares = Array.from({ length: shards }, (_, shard) => shareOf(settings, shard))
    expect(shares.reduce((sum, { min }) => sum + min, 0)).toBe(size)
    expect(shares.reduce((sum, { max }) => sum + max, 0)).toBe(size + overflow)
    for (const { min, max } of shares) {
      expect(min).toBeGreaterThanOrEqual(1)
      expect(max).toBeGreaterThanOrEqual(min)
    }
    expect(spread(shares.map(({ max }) => max))).toBeLessThanOrEqual(1)
  })

  test('a room is always served by the same one, and rooms spread evenly', () => {
    const settings = { ...readPoolSettings({}), shards: 4 }
    const served = [0, 0, 0, 0]
    for (let room = 0; room < 4_000; room += 1) {
      const key = `00000000-0000-7000-8000-${room.toString(16).padStart(12, '0')}`
      const shard = shardOf(settings, key)
      expect(shardOf(settings, key)).toBe(shard)
      served[shard] = (served[shard] ?? 0) + 1
    }
    expect(served).toHaveLength(4)
    expect(spread(served)).toBeLessThan(200)
  })
})

function spread(numbers: readonly number[]): number {
  return Math.max(...numbers) - Math.min(...numbers)
}
