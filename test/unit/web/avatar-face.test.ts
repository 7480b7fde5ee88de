import { expect, test } from 'vitest'
import { avatarTint, initialsOf } from '../../../web/src/ui/avatar-face.ts'

test.each([
  ['Alice Chen', 'AC'],
  ['bob', 'B'],
  ['王小明', '明'],
  ['carol.wu@muster.test', 'CT'],
  ['', '?'],
  ['👩‍🔧 Mei', '👩M'],
])('[WEB-1] initials of %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})

test('[WEB-1] the tint is one of eight and does not change', () => {
  const tints = ['a', 'bob@muster.test', '王'].map((id) => avatarTint(id))
  expect(tints).toEqual(['a', 'bob@muster.test', '王'].map((id) => avatarTint(id)))
  for (const tint of tints) expect(tint >= 1 && tint <= 8).toBe(true)
})
