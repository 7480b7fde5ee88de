/** A condition on the readings of a room, as the REST call takes it (MSG-4). Pure. */
import { PAGE_DEFAULT_COUNT } from '../../../src/protocol/limits.ts'

export const dataOperators = ['gt', 'gte', 'lt', 'lte', 'eq', 'ne'] as const
export type DataOperator = (typeof dataOperators)[number]

export type DataCondition = {
  readonly field: string
  readonly operator: DataOperator
  readonly value: string
}

export const isAskable = ({ field, value }: DataCondition): boolean =>
  field.trim() !== '' && value.trim() !== ''

/** @param cursor the number below which the next page begins */
export const readingParameters = (
  { field, operator, value }: DataCondition,
  cursor: string | undefined,
): URLSearchParams =>
  new URLSearchParams({
    [`data.${field.trim()}`]: `${operator}:${value.trim()}`,
    limit: String(PAGE_DEFAULT_COUNT),
    ...(cursor === undefined ? {} : { before_sequence: cursor }),
  })

/** `{ oven: { zone1: 80 } }` has `oven.zone1`: paths that a condition can name. */
export const fieldNamesOf = (data: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(data).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? fieldNamesOf({ ...value }).map((inner) => `${name}.${inner}`)
      : [name],
  )
