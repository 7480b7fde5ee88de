import { expect, test } from 'vitest'
import { stepTo } from '../../../web/src/ui/step-to.ts'

const items = ['a', 'b', 'c'].map((id) => ({ id }) as Element)

const press = (key: string, at: number | undefined) => {
  let is_taken = false
  const active = at === undefined ? null : (items[at] ?? null)
  const target = stepTo({ key, preventDefault: () => (is_taken = true) }, items, active)
  return [target?.id, is_taken]
}

test('[WEB-10] arrows go one on or back, Home and End to the ends', () => {
  expect(press('ArrowDown', 0)).toEqual(['b', true])
  expect(press('ArrowUp', 1)).toEqual(['a', true])
  expect(press('Home', 2)).toEqual(['a', true])
  expect(press('End', 0)).toEqual(['c', true])
  expect(press('ArrowDown', undefined)).toEqual(['a', true])
})

test('[WEB-10] at the ends it stays, and other keys are left alone', () => {
  expect(press('ArrowDown', 2)).toEqual([undefined, true])
  expect(press('ArrowUp', 0)).toEqual([undefined, true])
  expect(press('Enter', 1)).toEqual([undefined, false])
  expect(press('toString', 1)).toEqual([undefined, false])
})
