import { expect, test } from 'vitest'
import type { PageRead } from '../../../src/database/messages.ts'
import { pageOf, rowsFor } from '../../../src/http/message-page.ts'
import type { Message } from '../../../src/protocol/message.ts'

/** What the database read: messages of these numbers, newest first. */
const read = (...numbers: number[]): PageRead => ({
  role: 'viewer',
  is_admin: false,
  messages: numbers.map((sequence_number) => ({ sequence_number }) as Message),
  instants: numbers.map((number) => `at ${number}`),
})

const numbersOf = (messages: readonly Message[]) => messages.map((one) => one.sequence_number)

test('[API-1] one row more than fits means that there are older ones', () => {
  expect(rowsFor({ kind: 'newest' }, 2)).toBe(3)
  const { messages, pagination } = pageOf({ kind: 'newest' }, 2, read(9, 8, 7))
  expect(numbersOf(messages)).toEqual([9, 8])
  expect(pagination).toEqual({ has_more: true, next_before: 'at 8', next_before_sequence: 8 })
})

test('[API-1] the last page leads nowhere', () => {
  const { messages, pagination } = pageOf({ kind: 'newest' }, 2, read(2, 1))
  expect(numbersOf(messages)).toEqual([2, 1])
  expect(pagination).toEqual({ has_more: false, next_before: null, next_before_sequence: null })
})

test('[API-1] going forward, the one too many is the newest', () => {
  const { messages, pagination } = pageOf({ kind: 'after_sequence', sequence: 4 }, 2, read(7, 6, 5))
  expect(numbersOf(messages)).toEqual([6, 5])
  expect(pagination.has_more).toBe(true)
})

test('[API-1] a page around a message leads to older ones until the first', () => {
  expect(rowsFor({ kind: 'around', sequence: 2 }, 4)).toBe(4)
  const middle = pageOf({ kind: 'around', sequence: 5 }, 4, read(7, 6, 5, 4))
  expect(middle.pagination).toMatchObject({ has_more: true, next_before_sequence: 4 })
  const first = pageOf({ kind: 'around', sequence: 2 }, 4, read(4, 3, 2, 1))
  expect(first.pagination.has_more).toBe(false)
})

test('[API-1] an empty room', () => {
  const { messages, pagination } = pageOf({ kind: 'newest' }, 50, read())
  expect(messages).toEqual([])
  expect(pagination.has_more).toBe(false)
})
