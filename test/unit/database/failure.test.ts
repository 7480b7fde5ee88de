import { describe, expect, test } from 'vitest'
import { failureOf, isTransient } from '../../../src/database/failure.ts'

/** As the drivers of Postgres throw what the server said. */
const fromServer = (code: string): Error =>
  Object.assign(new Error('the server said no'), { code, severity: 'ERROR' })

describe('[SEQ-4] after a failed query', () => {
  test.each(['23505', '22P02', '40001', '42P01', '57014', 'P0001'])(
    '%s: the server answered, so nothing of it was kept',
    (sqlstate) => {
      const message = 'the server said no'
      expect(failureOf(fromServer(sqlstate))).toEqual({ kind: 'refused', sqlstate, message })
    },
  )

  test.each(['08000', '08003', '08006', '57P01', '57P02', '57P03'])(
    '%s: the connection or the server went away, so anything may be true',
    (sqlstate) => {
      expect(failureOf(fromServer(sqlstate))).toMatchObject({ kind: 'unknown' })
    },
  )

  test.each([
    ['the network', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
    ['a reset', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['an end without a word', new Error('Connection terminated unexpectedly')],
    ['something that is no error', 'gone'],
    ['nothing at all', undefined],
  ])('%s: anything may be true', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'unknown' })
  })
})

describe('[DB-4] what passes by itself', () => {
  test.each(['40001', '40P01', '55P03', '57014', '53300'])('%s does', (sqlstate) => {
    expect(isTransient(sqlstate)).toBe(true)
  })

  test.each(['23505', '22P02', '42501', '28P01'])('%s does not', (sqlstate) => {
    expect(isTransient(sqlstate)).toBe(false)
  })
})
