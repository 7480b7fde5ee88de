/**
 * Conditions on the fields of incident data (MSG-4), as SQL over a row `m` of messages. Found by
 * the partial index of a room's incident data, newest first; deleted readings meet none.
 */
import type { Values } from './values.ts'

/** Names of fields from the outside in; every one of a list is looked at. */
type At = { readonly path: readonly string[] }

export type DataCondition = At &
  (
    | { readonly operator: 'exists'; readonly is_there: boolean }
    | {
        readonly operator: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'
        readonly operand: string
        /** What the operand looks like; values of that kind are compared as such. */
        readonly as: 'number' | 'time' | 'text' | 'boolean'
      }
  )

const signs = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

export const meetsAll = (conditions: readonly DataCondition[], values: Values): string =>
  [
    `m.message_type = 'incident_data' AND m.deleted_at IS NULL`,
    ...conditions.map((condition) => meets(condition, values)),
  ].join(' AND ')

const meets = (condition: DataCondition, values: Values): string => {
  const path = values.add(jsonPathOf(condition.path))
  const some = (test: string) =>
    `EXISTS (SELECT FROM jsonb_path_query(m.data, ${path}::jsonpath) AS field(value) WHERE ${test})`
  if (condition.operator === 'exists') return `${condition.is_there ? '' : 'NOT '}${some('true')}`
  const { operator, operand, as } = condition
  const test = (sign: string) => comparison(as, sign, values.add(operand))
  return operator === 'ne'
    ? `(${some('true')} AND NOT ${some(test('='))})`
    : some(test(signs[operator]))
}

/** `$."oven"."zone1"[*]`: lax, so that a value that is no list stands for a list of one. */
const jsonPathOf = (path: readonly string[]): string =>
  `$${path.map((name) => `.${JSON.stringify(name)}`).join('')}[*]`

const comparison = (
  as: 'number' | 'time' | 'text' | 'boolean',
  sign: string,
  operand: string,
): string => {
  const asText = `CASE WHEN jsonb_typeof(value) = 'string'
    THEN (value #>> '{}') COLLATE "C" ${sign} ${operand}::text COLLATE "C" ELSE false END`
  switch (as) {
    case 'text':
      return asText
    case 'time':
      return `CASE WHEN jsonb_typeof(value) = 'string'
        THEN time_in(value #>> '{}') ${sign} ${operand}::text::timestamptz ELSE false END`
    case 'number':
      // A line that is written "3" is line 3 as well; above and below are of numbers alone.
      return `(CASE WHEN jsonb_typeof(value) = 'number'
        THEN (value #>> '{}')::numeric ${sign} ${operand}::text::numeric ELSE false END
        ${sign === '=' ? `OR ${asText}` : ''})`
    case 'boolean':
      return `(CASE WHEN jsonb_typeof(value) = 'boolean'
        THEN (value #>> '{}') = ${operand}::text ELSE false END OR ${asText})`
  }
}
