import { expect, test } from 'vitest'
import { faded, measured, nothingMeasured } from '../../../../src/domain/limits/fading-mean.ts'

const options = { share: 0.1, half_life_ms: 1_000 }

test('[LIM-2] one that is far out weighs little, many weigh all', () => {
  let mean = measured(nothingMeasured, 1_000, { ...options, now: 0 })
  expect(mean.value).toBe(100)
  for (let count = 0; count < 100; count += 1) mean = measured(mean, 1_000, { ...options, now: 0 })
  expect(mean.value).toBeGreaterThan(990)
})

test('[LIM-2] it fades while nothing is measured', () => {
  const mean = { value: 800, at: 5_000 }
  expect(faded(mean, { now: 5_000, half_life_ms: 1_000 })).toBe(800)
  expect(faded(mean, { now: 7_000, half_life_ms: 1_000 })).toBe(200)
  expect(faded(mean, { now: 4_000, half_life_ms: 1_000 }), 'a clock that was put back').toBe(800)
})
