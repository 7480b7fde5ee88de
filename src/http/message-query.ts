/** Which page of history is asked for (API-1). */
import * as z from 'zod/mini'
import type { PagePosition } from '../database/messages.ts'
import { DataFilter } from './data-filter.ts'
import { instant, integer, pageLimit } from './query-values.ts'

const sequence = integer(0, Number.MAX_SAFE_INTEGER)

const positions = ['before', 'before_sequence', 'after_sequence', 'around'] as const

export const MessageQuery = z
  .object({
    limit: pageLimit,
    before: z.optional(instant).check(z.describe('Messages created before this time.')),
    before_sequence: z.optional(sequence).check(z.describe('Messages numbered below this.')),
    after_sequence: z.optional(sequence).check(z.describe('Messages numbered above this.')),
    around: z.optional(sequence).check(z.describe('This message and its neighbours.')),
    data: z.optional(DataFilter),
  })
  .check((checked) => {
    const { around, data } = checked.value
    // Its neighbours by number may be none of those asked for.
    if (around !== undefined && data !== undefined)
      checked.issues.push({
        code: 'custom',
        input: checked.value,
        path: ['around'],
        message: 'cannot be combined with a filter of data',
      })
    const [first, second] = positions.filter((name) => checked.value[name] !== undefined)
    if (first === undefined || second === undefined) return
    const message = `cannot be combined with ${first}`
    checked.issues.push({ code: 'custom', input: checked.value, path: [second], message })
  })
export type MessageQuery = z.infer<typeof MessageQuery>

export const positionOf = (query: MessageQuery): PagePosition => {
  const { before, before_sequence, after_sequence, around } = query
  if (before !== undefined) return { kind: 'before', at: before }
  if (before_sequence !== undefined) return { kind: 'before_sequence', sequence: before_sequence }
  if (after_sequence !== undefined) return { kind: 'after_sequence', sequence: after_sequence }
  if (around !== undefined) return { kind: 'around', sequence: around }
  return { kind: 'newest' }
}
