/** `data.temperature=gt:80`: which incident data of a room's history is asked for (MSG-4). */
import * as z from 'zod/mini'
import type { DataCondition } from '../database/data-conditions.ts'
import {
  DATA_CONDITIONS_MAX_COUNT,
  DATA_DEPTH_MAX_COUNT,
  DATA_OPERAND_MAX_LENGTH,
} from '../protocol/limits.ts'
import { instant } from './query-values.ts'

const comparing = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const
const Operator = z.enum([...comparing, 'exists'])
const NUMBER = /^-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?$/

type Refused = { readonly message: string }

/** Of one field of a filter, e.g. `['oven', 'zone1']` and `gt:80`. */
const conditionOf = (path: readonly string[], text: string): DataCondition | Refused => {
  const { 1: name, 2: operand = '' } = /^(\w+):([^]*)$/.exec(text) ?? []
  const operator = Operator.safeParse(name)
  if (!operator.success)
    return { message: `must begin with one of ${Operator.options.join(', ')} and a colon` }
  if (
    operand.length > DATA_OPERAND_MAX_LENGTH ||
    !operand.isWellFormed() ||
    operand.includes('\u0000')
  )
    return { message: 'has a value that is too long or no text' }
  if (operator.data === 'exists')
    return operand === 'true' || operand === 'false'
      ? { path, operator: 'exists', is_there: operand === 'true' }
      : { message: 'must be exists:true or exists:false' }
  if (operand === '') return { message: 'has nothing to compare with' }
  if (operand !== 'true' && operand !== 'false')
    return { path, operator: operator.data, ...comparable(operand) }
  return operator.data === 'eq' || operator.data === 'ne'
    ? { path, operator: operator.data, operand, as: 'boolean' }
    : { message: 'has true or false, which no other is above or below' }
}

const comparable = (operand: string) => {
  if (NUMBER.test(operand)) return { operand, as: 'number' } as const
  const time = instant.safeParse(operand)
  return time.success
    ? ({ operand: time.data, as: 'time' } as const)
    : ({ operand, as: 'text' } as const)
}

const isPath = (path: readonly string[]): boolean =>
  path.length <= DATA_DEPTH_MAX_COUNT &&
  path.every((name) => name !== '' && name.isWellFormed() && !name.includes('\u0000'))

/** As it comes out; what does not look so was refused before. */
const Condition = z.union([
  z.object({
    path: z.array(z.string()),
    operator: z.literal('exists'),
    is_there: z.boolean(),
  }),
  z.object({
    path: z.array(z.string()),
    operator: z.enum(comparing),
    operand: z.string(),
    as: z.enum(['number', 'time', 'text', 'boolean']),
  }),
])

/** All values of all parameters `data.…`, as the endpoint gathers them; comes out as conditions. */
export const DataFilter = z
  .pipe(
    z.pipe(
      z.record(z.string(), z.array(z.string())),
      z.transform((fields, context): DataCondition[] => {
        const conditions: DataCondition[] = []
        for (const [name, texts] of Object.entries(fields))
          for (const text of texts) {
            const path = name.split('.')
            const condition = isPath(path)
              ? conditionOf(path, text)
              : { message: 'is no path to a field' }
            if ('operator' in condition) conditions.push(condition)
            else context.issues.push({ code: 'custom', input: text, path: [name], ...condition })
            if (conditions.length > DATA_CONDITIONS_MAX_COUNT) {
              const message = `is one condition too many; ${DATA_CONDITIONS_MAX_COUNT} may be given`
              context.issues.push({ code: 'custom', input: text, path: [name], message })
              return conditions
            }
          }
        return conditions
      }),
    ),
    z.array(Condition),
  )
  .check(
    z.describe(
      'Only `incident_data` whose field meets this, e.g. `data.temperature=gt:80` or ' +
        '`data.oven.zone1=lte:200.5`; may be repeated, and all must be met. `eq`, `ne`, `gt`, `gte`, ' +
        '`lt`, `lte` compare numbers with numbers, RFC 3339 times with times, and else texts; ' +
        '`exists:true` and `exists:false` ask for the field alone. Of a list one value is enough. ' +
        'Not together with `around`.',
    ),
    z.meta({
      parameter: {
        name: 'data.{field}',
        schema: {
          type: 'string',
          pattern: `^(${Operator.options.join('|')}):`,
          examples: ['gt:80'],
        },
      },
    }),
  )
