import { expect, test } from 'vitest'
import { rebase } from '../../../web/src/ops/configuration/collision.ts'
import {
  draftProblems,
  emptyDraft,
  plannedChanges,
  shownTexts,
  wantedValues,
  withEntry,
  withoutEntry,
  withoutVain,
  type Draft,
} from '../../../web/src/ops/configuration/draft.ts'
import { readTexts } from '../../../web/src/ops/configuration/read-value.ts'
import { aChoice, aConfiguration, aSetting, someLevels } from './configuration-builders.ts'

const size = aSetting()
const timeout = aSetting({ name: 'db_pool_timeout', kind: 'number', min: 0.1, max: 120, base: 10 })

const typed = (...texts: string[]) => ({ kind: 'typed', texts }) as const
const drafted = (entries: Readonly<Record<string, readonly string[] | 'back'>>): Draft =>
  new Map(
    Object.entries(entries).map(([name, entry]) => [
      name,
      entry === 'back' ? { kind: 'back' } : typed(...entry),
    ]),
  )

test.each([
  ['40', 40],
  [' 40 ', 40],
  ['４０', 40],
  ['268,435,456', 268_435_456],
  ['268 435 456', 268_435_456],
  ['100_000', 100_000],
])('[OPS-4] "%s" is a whole number', (text, value) => {
  const wide = { ...size, max: null }
  expect(readTexts(wide, [text])).toEqual({ ok: true, value })
})

test.each([
  ['', { kind: 'empty', at: 0 }],
  ['many', { kind: 'not_a_number', at: 0 }],
  ['1e3', { kind: 'not_a_number', at: 0 }],
  ['0x20', { kind: 'not_a_number', at: 0 }],
  // A comma may be meant as a point: nobody guesses.
  ['1,5', { kind: 'not_a_number', at: 0 }],
  ['0,500', { kind: 'not_a_number', at: 0 }],
  ['1,000 000', { kind: 'not_a_number', at: 0 }],
  ['2.5', { kind: 'not_whole', at: 0 }],
  ['0', { kind: 'too_small', bound: 1, at: 0 }],
  ['-5', { kind: 'too_small', bound: 1, at: 0 }],
  ['501', { kind: 'too_large', bound: 500, at: 0 }],
])('[OPS-4] "%s" is refused as one types', (text, problem) => {
  expect(readTexts(size, [text])).toEqual({ ok: false, problem })
})

test('[OPS-4] a number may have a fraction, up to its bounds', () => {
  expect(readTexts(timeout, ['0.1'])).toEqual({ ok: true, value: 0.1 })
  expect(readTexts(timeout, ['.5'])).toEqual({ ok: true, value: 0.5 })
  expect(readTexts(timeout, ['120'])).toEqual({ ok: true, value: 120 })
  expect(readTexts(timeout, ['0.09'])).toMatchObject({ problem: { kind: 'too_small' } })
})

const readLevels = (...texts: string[]) => readTexts(someLevels, texts)

test('[OPS-4] levels rise, and what is wrong names the level', () => {
  expect(readLevels('1', '2', '3', '4', '5')).toEqual({ ok: true, value: [1, 2, 3, 4, 5] })
  expect(readLevels('1', '2', '2', '4', '5')).toMatchObject({
    problem: { kind: 'not_ascending', at: 2 },
  })
  expect(readLevels('9', '2', '3', '4', '5')).toMatchObject({
    problem: { kind: 'not_ascending', at: 1 },
  })
  expect(readLevels('1', '2', '', '4', '5')).toMatchObject({ problem: { kind: 'empty', at: 2 } })
  expect(readLevels('1', '2', '3', '4', '70000')).toMatchObject({
    problem: { kind: 'too_large', at: 4 },
  })
})

test('[OPS-4] a choice is one of those offered', () => {
  expect(readTexts(aChoice, ['group'])).toEqual({ ok: true, value: 'group' })
  expect(readTexts(aChoice, ['all'])).toMatchObject({ problem: { kind: 'not_offered' } })
})

test('[OPS-4] what would change: in the order of the settings, without what is wrong or vain', () => {
  const configuration = aConfiguration([size, timeout, someLevels, aChoice], { db_pool_size: 40 })
  const draft = drafted({
    commit_mode: ['group'],
    shed_commit_ms: ['700', '1100', '1600', '2200', '3500'],
    db_pool_timeout: ['10.0'],
    db_pool_size: 'back',
  })
  const changes = plannedChanges(configuration, draft)
  expect(changes).toEqual([
    { name: 'db_pool_size', from: 40, to: 20, is_back: true },
    {
      name: 'shed_commit_ms',
      from: [700, 1_100, 1_600, 2_200, 3_000],
      to: [700, 1_100, 1_600, 2_200, 3_500],
      is_back: false,
    },
    { name: 'commit_mode', from: 'each', to: 'group', is_back: false },
  ])
  expect(wantedValues(changes)).toEqual({
    db_pool_size: null,
    shed_commit_ms: [700, 1_100, 1_600, 2_200, 3_500],
    commit_mode: 'group',
  })
  const wrong = withEntry(draft, 'db_pool_size', typed('900'))
  expect(plannedChanges(configuration, wrong).map(({ name }) => name)).toEqual([
    'shed_commit_ms',
    'commit_mode',
  ])
  expect([...draftProblems(configuration, wrong)]).toEqual([
    ['db_pool_size', { kind: 'too_large', bound: 500, at: 0 }],
  ])
})

test('[OPS-4] taking back is no change where no operator has set it', () => {
  expect(plannedChanges(aConfiguration([size]), drafted({ db_pool_size: 'back' }))).toEqual([])
})

test('[OPS-4] a field shows what was typed, or what would hold', () => {
  expect(shownTexts(size, 40, undefined)).toEqual(['40'])
  expect(shownTexts(size, 40, typed('4x'))).toEqual(['4x'])
  expect(shownTexts(size, 40, { kind: 'back' })).toEqual(['20'])
})

test('[OPS-4] undone, and what is vain forgotten; what is wrong stays to be corrected', () => {
  const configuration = aConfiguration([size, timeout])
  const draft = drafted({ db_pool_size: ['900'], db_pool_timeout: ['10'], gone: ['1'] })
  expect([...withoutVain(configuration, draft).keys()]).toEqual(['db_pool_size'])
  expect(withoutEntry(draft, 'db_pool_size').has('db_pool_size')).toBe(false)
  expect(draft.has('db_pool_size')).toBe(true)
  expect(emptyDraft.size).toBe(0)
})

test('[OPS-4] somebody was faster: what does not touch their change goes on, the rest is decided', () => {
  const settings = [size, timeout, aChoice]
  const before = aConfiguration(settings, {}, 3)
  const after = aConfiguration(settings, { db_pool_size: 55 }, 4)
  const draft = drafted({ db_pool_size: ['70'], db_pool_timeout: ['4'] })
  const rebased = rebase(before, after, draft)
  expect([...rebased.draft.keys()]).toEqual(['db_pool_timeout'])
  expect(rebased.collisions).toEqual([{ name: 'db_pool_size', mine: typed('70') }])
  expect(rebased.theirs).toEqual([{ name: 'db_pool_size', from: 20, to: 55 }])
})

test('[OPS-4] who wanted the same does not collide', () => {
  const before = aConfiguration([size], { db_pool_size: 40 }, 3)
  const to_the_same = rebase(
    before,
    aConfiguration([size], { db_pool_size: 55 }, 4),
    drafted({ db_pool_size: ['55'] }),
  )
  expect(to_the_same).toMatchObject({ collisions: [] })
  expect(to_the_same.draft.size).toBe(0)
  const both_back = rebase(before, aConfiguration([size], {}, 4), drafted({ db_pool_size: 'back' }))
  expect(both_back).toMatchObject({ collisions: [] })
  const back_against_set = rebase(
    before,
    aConfiguration([size], { db_pool_size: 55 }, 4),
    drafted({ db_pool_size: 'back' }),
  )
  expect(back_against_set.collisions).toEqual([{ name: 'db_pool_size', mine: { kind: 'back' } }])
})

test('[OPS-4] a value pinned by somebody is their change, also where it is the same', () => {
  const rebased = rebase(
    aConfiguration([size], {}, 3),
    aConfiguration([size], { db_pool_size: 20 }, 4),
    drafted({ db_pool_size: ['70'] }),
  )
  expect(rebased.collisions).toHaveLength(1)
})

test('control: nothing changed, nothing collides', () => {
  const same = aConfiguration([size, timeout])
  const draft = drafted({ db_pool_size: ['70'] })
  expect(rebase(same, same, draft)).toEqual({ draft, collisions: [], theirs: [] })
})
