/** Gathering bytes up to a limit. */
import { expect, test } from 'vitest'
import { GatheredBytes } from '../../../src/files/bytes.ts'

test('[LIM-4] takes as much as there is room for, and says what it did not take', () => {
  const gathered = new GatheredBytes(100_000)
  const all = Uint8Array.from({ length: 130_000 }, (_, index) => index % 251)
  let rest: Uint8Array = new Uint8Array()
  for (let at = 0; at < all.length; at += 7_001) rest = gathered.add(all.subarray(at, at + 7_001))
  expect(gathered.view()).toEqual(all.subarray(0, 100_000))
  // Of the piece that came last, nothing.
  expect(rest).toEqual(all.subarray(7_001 * 18))
  gathered.clear()
  expect(gathered.view()).toHaveLength(0)
  expect(gathered.add(all.subarray(0, 5))).toHaveLength(0)
  expect(gathered.view()).toEqual(all.subarray(0, 5))
})

test('[LIM-4] its buffer is never larger than the limit', () => {
  const gathered = new GatheredBytes(100_000)
  gathered.add(new Uint8Array(70_000))
  gathered.add(new Uint8Array(70_000))
  expect(gathered.view().buffer.byteLength).toBe(100_000)
})
