/** Which bytes of a file a header asks for (RFC 9110). */
import { expect, test } from 'vitest'
import { matchesTag, rangeOf } from '../../../../src/domain/file/range.ts'

test.each([
  [undefined, 'whole'],
  ['bytes=0-', { offset: 0, length: 100 }],
  ['bytes=0-0', { offset: 0, length: 1 }],
  ['bytes=10-19', { offset: 10, length: 10 }],
  ['Bytes=99-99', { offset: 99, length: 1 }],
  ['bytes=90-200', { offset: 90, length: 10 }],
  ['bytes=-1', { offset: 99, length: 1 }],
  ['bytes=-500', { offset: 0, length: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=100-200', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['lines=0-1', 'whole'],
  ['bytes=a-b', 'whole'],
  ['bytes=0-9999999999999999999', 'whole'],
])('[API-5] %s of 100 bytes', (header, expected) => {
  expect(rangeOf(header, 100)).toEqual(expected)
})

test.each([
  [undefined, false],
  ['"a"', true],
  ['W/"a"', true],
  ['"b", W/"a"', true],
  ['"b"', false],
  ['a', false],
  ['*', true],
])('[API-5] if-none-match %s', (header, expected) => {
  expect(matchesTag(header, '"a"')).toBe(expected)
})
