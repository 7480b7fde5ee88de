import { expect, test } from 'vitest'
import { compose } from '../../../../src/domain/dispatch/compose.ts'
import { chooseLevel } from '../../../../src/domain/dispatch/schedule.ts'
import { defaultDispatchSettings } from '../../../../src/domain/dispatch/settings.ts'

const settings = { ...defaultDispatchSettings, starve_ms: 5_000, lower_every_count: 8 }
const now = 1_000_000

const choose = (...heads: Parameters<typeof chooseLevel>[0]) =>
  chooseLevel(heads, { place: 0, now }, settings)

const counts = (levels: readonly (number | undefined)[]) =>
  [0, 1, 2].map((level) => levels.filter((one) => one === level).length)

const ago = (ms: number) => now - ms

test('[DISP-4] high before normal before low', () => {
  expect(choose(ago(1), ago(2_000), ago(4_000))).toBe(0)
  expect(choose(undefined, ago(1), ago(4_000))).toBe(1)
  expect(choose(undefined, undefined, ago(1))).toBe(2)
  expect(choose(undefined, undefined, undefined)).toBeUndefined()
})

test('[DISP-4] what has waited longer than starve_ms counts as one priority higher, and no more', () => {
  expect(choose(undefined, ago(10), ago(5_000))).toBe(1)
  expect(choose(undefined, ago(10), ago(5_001))).toBe(2)
  expect(choose(ago(10), ago(5_001), undefined)).toBe(1)
  // Low counts as normal at the most, so fresh high goes first.
  expect(choose(ago(10), undefined, ago(60_000))).toBe(0)
  // High that is older still goes before normal that has aged.
  expect(choose(ago(6_000), ago(5_001), undefined)).toBe(0)
})

test('[DISP-4] however much is high, every eighth place goes to the lower one that waits longest', () => {
  const high = ago(1)
  const chosen = (normal: number | undefined, low: number | undefined) =>
    Array.from({ length: 24 }, (_, place) =>
      chooseLevel([high, normal, low], { place, now }, settings),
    )
  expect(counts(chosen(ago(3_000), ago(4_000)))).toEqual([21, 0, 3])
  expect(counts(chosen(ago(4_000), ago(3_000)))).toEqual([21, 3, 0])
  expect(counts(chosen(undefined, ago(3_000)))).toEqual([21, 0, 3])
  // Where nothing lower waits no place is lost.
  expect(counts(chosen(undefined, undefined))).toEqual([24, 0, 0])
})

test('[DISP-4] low that arrives under an endless stream of high leaves in a bounded time', () => {
  // 100 high arrive each tick, of which only 80 can leave: without the rule low would never go.
  let [high, low, low_left, place] = [0, 50, 0, 0]
  for (let tick = 0; tick < 20 && low > 0; tick += 1) {
    high += 100
    for (let slot = 0; slot < 80; slot += 1, place += 1) {
      const level = chooseLevel(
        [ago(1), undefined, low > 0 ? ago(1) : undefined],
        { place, now },
        settings,
      )
      if (level === 2) [low, low_left] = [low - 1, low_left + 1]
      else high -= 1
    }
  }
  expect(low_left).toBe(50)
})

const entry = (seq: number, accepted_at = now, bytes = 500) => ({ seq, accepted_at, bytes })
const some = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => entry(from + index))

test('[DISP-4] [DISP-7] a batch takes each priority in order, the lower ones at their places, up to its size', () => {
  const waiting = [some(20, 100), some(20, 200), some(20, 300)] as const
  const entries = compose(waiting, { size: 24, place: 0, now }, settings)
  expect(entries).toHaveLength(24)
  const of = (from: number) =>
    entries.map(({ seq }) => seq).filter((seq) => seq >= from && seq < from + 100)
  expect(of(100)).toEqual(some(20, 100).map(({ seq }) => seq))
  expect(of(200)).toEqual([200, 201, 202])
  // Places 7 and 15 are for normal; when high is through, place 23 is for low.
  expect([7, 15, 22, 23].map((place) => entries[place]?.seq)).toEqual([200, 201, 202, 300])
})

test('[DISP-7] a batch is bounded in bytes, and one that is larger goes by itself', () => {
  const small = { ...settings, batch_max_bytes: 1_000 }
  const sizes = (list: readonly ReturnType<typeof entry>[]) =>
    compose([list, [], []], { size: 100, place: 0, now }, small).length
  expect(sizes([entry(1), entry(2), entry(3)])).toBe(2)
  expect(sizes([entry(1, now, 5_000), entry(2)])).toBe(1)
  expect(compose([[], [], []], { size: 100, place: 0, now }, small)).toEqual([])
})
