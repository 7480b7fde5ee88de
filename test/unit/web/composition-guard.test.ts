import { expect, test } from 'vitest'
import { AFTER_COMPOSITION_MS, CompositionGuard } from '../../../web/src/ui/composition-guard.ts'

const enter = (overrides: Partial<KeyboardEvent> = {}) => ({
  isComposing: false,
  keyCode: 13,
  timeStamp: 10_000,
  ...overrides,
})

test('[WEB-10] Enter while composing belongs to the input method', () => {
  const guard = new CompositionGuard()
  expect(guard.isComposing(enter({ isComposing: true }))).toBe(true)
  expect(guard.isComposing(enter({ keyCode: 229 }))).toBe(true)
  guard.started()
  expect(guard.isComposing(enter())).toBe(true)
})

test("[WEB-10] Safari's Enter right after the composition ended belongs to it too", () => {
  const guard = new CompositionGuard()
  guard.started()
  guard.ended(10_000)
  expect(guard.isComposing(enter({ timeStamp: 10_001 }))).toBe(true)
  expect(guard.isComposing(enter({ timeStamp: 10_000 + AFTER_COMPOSITION_MS }))).toBe(false)
})

test('[WEB-10] control: a plain Enter is the person’s', () => {
  expect(new CompositionGuard().isComposing(enter({ timeStamp: 0 }))).toBe(false)
})
