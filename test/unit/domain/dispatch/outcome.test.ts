import { describe, expect, test } from 'vitest'
import { outcomeOf, verdictOfItem, type Verdict } from '../../../../src/domain/dispatch/outcome.ts'
import { defaultDispatchSettings } from '../../../../src/domain/dispatch/settings.ts'

const settings = { ...defaultDispatchSettings, attempts_max_count: 6, retry_min_ms: 500 }
const now = 1_000_000
const reason = { code: 'unavailable', message: 'no answer' } as const

const outcome = (verdict: Verdict, attempts = 0) =>
  outcomeOf(verdict, { attempts }, { now, chance: 0.5 }, settings)

const kindOf = (code: 'forbidden' | 'internal') =>
  verdictOfItem({ status: 'refused', code, message: '' }, 'own').kind

describe('[DISP-11] what failed', () => {
  const troubled: Verdict = { kind: 'troubled', reason }

  test('goes again, each time later, and is dead after its last try', () => {
    const outcomes = [0, 1, 2, 3, 4, 5].map((attempts) => outcome(troubled, attempts))
    expect(outcomes.map((one) => one?.kind)).toEqual([...Array(5).fill('retrying'), 'dead'])
    const due = outcomes.flatMap((one) =>
      one?.kind === 'retrying' ? one.next_attempt_at - now : [],
    )
    expect(due).toEqual([500, 1_000, 2_000, 4_000, 8_000])
  })

  test('waits as long as it is told to', () => {
    expect(outcome({ ...troubled, retry_after_ms: 9_000 })).toMatchObject({
      next_attempt_at: now + 9_000,
    })
  })

  test('[DISP-10] because a service was away for all is not given up, however often', () => {
    expect(outcome({ ...troubled, is_outage: true }, 100)?.kind).toBe('retrying')
  })

  test('[DISP-10] without having been tried waits as before', () => {
    expect(outcome({ kind: 'untried' }, 5)).toBeUndefined()
  })
})

describe('[DISP-6] what a room says of an item', () => {
  const placed = { sequence_number: 7, revision: 9, created_at: '' }

  test('is where it is, also where it was there before under another id', () => {
    const extras = { sender_display_name: '', mentions: [], file: null }
    expect(verdictOfItem({ status: 'committed', ...placed, ...extras }, 'own')).toEqual({
      ...{ kind: 'committed', message_id: 'own', sequence_number: 7, revision: 9 },
    })
    expect(verdictOfItem({ status: 'duplicate', ...placed, message_id: 'first' }, 'own')).toEqual({
      ...{ kind: 'committed', message_id: 'first', sequence_number: 7, revision: 9 },
    })
  })

  test('is final where the same again would be refused again', () => {
    expect([kindOf('forbidden'), kindOf('internal')]).toEqual(['rejected', 'troubled'])
    expect(verdictOfItem({ status: 'room_gone' }, 'own')).toMatchObject({
      reason: { code: 'not_found' },
    })
    expect(verdictOfItem({ status: 'superseded' }, 'own').kind).toBe('untried')
  })
})
