/** What is counted of statements, and what is said of slow ones (DB-7). */
import { afterEach, expect, test, vi } from 'vitest'
import { Statements } from '../../../src/database/statements.ts'

const logged = vi.spyOn(console, 'warn').mockImplementation(() => {})
afterEach(() => logged.mockClear())

const call_id = '01a202c5-0000-7000-8000-000000000000'
const always = { level: 'warn', at: expect.any(String) as string }
const lines = () => logged.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)

test('[DB-7] counted by name: how often, how many failed, how long', () => {
  const statements = new Statements({ database: 'primary', slow_ms: 100 })
  statements.record('readRoom', 10, { succeeded: true })
  statements.record('readRoom', 100, { succeeded: false })
  statements.record('saveUser', 5, { succeeded: true })
  expect(statements.figures()).toEqual({
    readRoom: { count: 2, failed: 1, slow: 0, total_ms: 110, max_ms: 100 },
    saveUser: { count: 1, failed: 0, slow: 0, total_ms: 5, max_ms: 5 },
  })
  expect(lines()).toEqual([])
})

test('[DB-7] longer than the threshold is slow, and leaves one line with its name', () => {
  const statements = new Statements({ database: 'replica', slow_ms: 100 })
  statements.record('readRoom', 100.4, { succeeded: true, call_id })
  expect(statements.figures()).toMatchObject({ readRoom: { count: 1, slow: 1 } })
  expect(lines()).toEqual([
    {
      ...{ event: 'slow_statement', ...always, statement: 'readRoom', database: 'replica' },
      ...{ ms: 100, call_id },
    },
  ])
})

test('[DB-7] one that throws is counted as failed, and throws on', async () => {
  const statements = new Statements({ database: 'primary', slow_ms: 100 })
  const failing = statements.measure('readRoom', () => Promise.reject(new Error('refused')))
  await expect(failing).rejects.toThrow('refused')
  expect(statements.figures()).toMatchObject({ readRoom: { count: 1, failed: 1 } })
})
