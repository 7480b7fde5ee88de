import { expect, test } from 'vitest'
import { formatFileSize } from '../../../web/src/room/file-size.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [1_550_000, '1.6 MB'],
  [25_000_000_000_000, '25,000 GB'],
])('[API-5] %i bytes read as %s', (bytes, expected) => {
  expect(formatFileSize(bytes, 'en')).toBe(expected)
})
