/** The variables of the replica and of slow statements: taken, or named where they are bad. */
import { describe, expect, test } from 'vitest'
import { readReplicaUrl } from '../../../src/database/replica-settings.ts'
import { readSlowMs } from '../../../src/database/slow-settings.ts'
import { SettingsError } from '../../../src/lib/variables.ts'

describe('[DB-6] DATABASE_READ_URL', () => {
  test('may be left out', () => {
    expect(readReplicaUrl({})).toBeUndefined()
    expect(readReplicaUrl({ DATABASE_READ_URL: '' })).toBeUndefined()
  })

  test.each(['postgres://u:p@h:5432/d', 'postgresql://u@h.neon.tech/d?sslmode=require'])(
    'may be %s',
    (url) => expect(readReplicaUrl({ DATABASE_READ_URL: url })).toBe(url),
  )

  test.each(['h:5432/d', 'https://u:secret@h/d', 'mysql://u:secret@h/d', '//u:secret@h/d'])(
    '[SEC-5] may not be %s: it is named and not repeated',
    (url) => {
      const read = () => readReplicaUrl({ DATABASE_READ_URL: url })
      expect(read).toThrow(SettingsError)
      expect(read).toThrow('DATABASE_READ_URL')
      expect(read).not.toThrow('secret')
      expect(read).not.toThrow(url)
    },
  )
})

describe('[DB-7] DB_SLOW_MS', () => {
  test('is half a second where nothing else is said', () => {
    expect(readSlowMs({})).toBe(500)
    expect(readSlowMs({ DB_SLOW_MS: '' })).toBe(500)
  })

  test.each(['1', '60000'])('may be %s', (value) => {
    expect(readSlowMs({ DB_SLOW_MS: value })).toBe(Number(value))
  })

  test.each(['0', '60001', '1.5', 'slow', '-1'])('may not be %s', (value) => {
    const read = () => readSlowMs({ DB_SLOW_MS: value })
    expect(read).toThrow(SettingsError)
    expect(read).toThrow(/DB_SLOW_MS/)
  })
})
