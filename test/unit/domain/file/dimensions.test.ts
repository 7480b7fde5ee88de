/** Width and height of pictures as they are shown (API-5). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dimensionsOf } from '../../../../src/domain/file/dimensions.ts'
import {
  avifBytes,
  bytesOf,
  gifBytes,
  jpegBytes,
  pngBytes,
  webpBytes,
} from '../../../support/file-samples.ts'

const size = { width: 640, height: 480 }
const turned = { width: 480, height: 640 }

const samples: [string, Uint8Array][] = [
  ['image/png', pngBytes(size)],
  ['image/jpeg', jpegBytes(size)],
  ['image/gif', gifBytes(size)],
  ['image/webp', webpBytes(size)],
  ['image/avif', avifBytes(size)],
]

test.each(samples)('[API-5] of %s', (content_type, bytes) => {
  expect(dimensionsOf(bytes, content_type)).toEqual(size)
})

test.each([
  [1, size],
  [2, size],
  [3, size],
  [4, size],
  [5, turned],
  [6, turned],
  [7, turned],
  [8, turned],
  [9, size],
])('[API-5] of a JPEG that EXIF turns as %i', (orientation, expected) => {
  expect(dimensionsOf(jpegBytes(size, orientation), 'image/jpeg')).toEqual(expected)
})

test('[API-5] behind the colour profile of a camera', () => {
  expect(dimensionsOf(jpegBytes(size, 6, 3), 'image/jpeg')).toEqual(turned)
})

test('[API-5] from a view into a larger buffer', () => {
  const bytes = bytesOf('before', avifBytes(size)).subarray(6)
  expect(dimensionsOf(bytes, 'image/avif')).toEqual(size)
})

describe('[API-5] there are none', () => {
  test.each(samples)('of a %s that is cut off, or they are those of the whole', (type, bytes) => {
    for (let length = 0; length < bytes.length; length += 1)
      expect([undefined, size]).toContainEqual(dimensionsOf(bytes.slice(0, length), type))
  })

  test('of a side of nothing, or beyond all reason', () => {
    expect(dimensionsOf(pngBytes({ width: 0, height: 5 }), 'image/png')).toBeUndefined()
    expect(dimensionsOf(pngBytes({ width: 5, height: 2 ** 31 }), 'image/png')).toBeUndefined()
  })

  test('of what is no picture', () => {
    expect(dimensionsOf(pngBytes(size), 'application/pdf')).toBeUndefined()
  })
})

test('[SEC-3] no bytes make it fail or last', () => {
  const beginnings = samples.map(([content_type, bytes]) => ({ content_type, bytes }))
  fc.assert(
    fc.property(
      fc.constantFrom(...beginnings),
      fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 12 }),
      fc.uint8Array({ maxLength: 300 }),
      ({ content_type, bytes }, changes, after) => {
        const changed = bytesOf(bytes, after)
        for (const [at, byte] of changes) changed[at % changed.length] = byte
        const found = dimensionsOf(changed, content_type)
        if (found === undefined) return
        expect(found.width).toBeGreaterThan(0)
        expect(found.height).toBeGreaterThan(0)
      },
    ),
    { numRuns: 2_000 },
  )
})
