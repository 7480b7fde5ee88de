/** Tokens that are not verified again, and until when (SEC-1). */
import { describe, expect, test } from 'vitest'
import { recallVerified, rememberVerified } from '../../../src/identity/verified-tokens.ts'

const start = Date.UTC(2026, 0, 1)
const minute = 60_000
const identity = { user_id: 'mei@example.com', display_name: 'Mei', expires_at: start + 30_000 }

describe('[SEC-1] a token that was verified', () => {
  test('is good as long as its own time lasts, and not a moment longer', () => {
    const variables = {}
    rememberVerified(variables, 'token', { identity, checked_at: start })
    expect(recallVerified(variables, 'token', start + 29_999)).toEqual(identity)
    expect(recallVerified(variables, 'token', start + 30_000)).toBeUndefined()
    expect(recallVerified(variables, 'token', start)).toBeUndefined()
  })

  test('is verified again after a minute: its key may have been withdrawn', () => {
    const variables = {}
    const long = { ...identity, expires_at: start + 60 * minute }
    rememberVerified(variables, 'token', { identity: long, checked_at: start })
    expect(recallVerified(variables, 'token', start + minute - 1)).toEqual(long)
    expect(recallVerified(variables, 'token', start + minute)).toBeUndefined()
  })

  test('is another in another deployment, and by one character', () => {
    const variables = {}
    rememberVerified(variables, 'token', { identity, checked_at: start })
    expect(recallVerified({}, 'token', start)).toBeUndefined()
    expect(recallVerified(variables, 'tokem', start)).toBeUndefined()
  })

  test('[LIM-4] is forgotten where there are too many: the oldest first', () => {
    const variables = {}
    for (let count = 0; count <= 4_000; count += 1)
      rememberVerified(variables, `token ${count}`, { identity, checked_at: start })
    expect(recallVerified(variables, 'token 0', start)).toBeUndefined()
    expect(recallVerified(variables, 'token 1', start)).toEqual(identity)
    expect(recallVerified(variables, 'token 4000', start)).toEqual(identity)
  })
})
