/** The values of a reading one by one, by name: the record keeps no order. Pure. */

export type FieldValue = string | number | boolean

export type ReadingField = {
  /** As the server's filter takes it: `oven.zone1`; names have no dots (MSG-4). */
  readonly path: string
  readonly values: readonly FieldValue[]
}

export const fieldsOf = (data: Readonly<Record<string, unknown>>): readonly ReadingField[] =>
  Object.entries(data)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .flatMap(([name, value]) => fieldsIn(name, value))

const fieldsIn = (path: string, value: unknown): readonly ReadingField[] => {
  if (isValue(value)) return [{ path, values: [value] }]
  if (Array.isArray(value)) {
    const values = value.filter(isValue)
    const inner = value.filter((one) => !isValue(one))
    return [
      ...(values.length > 0 ? [{ path, values }] : []),
      // Objects of a list have no path of their own; their place tells them apart.
      ...inner.flatMap((one, index) => fieldsIn(`${path}[${index + 1}]`, one)),
    ]
  }
  if (typeof value !== 'object' || value === null) return []
  return fieldsOf(value as Record<string, unknown>).map(({ path: inner, values }) => ({
    path: `${path}.${inner}`,
    values,
  }))
}

const isValue = (value: unknown): value is FieldValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** Its value, where it is one number. */
export const numberOf = ({ values }: ReadingField): number | undefined => {
  const [first] = values
  return values.length === 1 && typeof first === 'number' ? first : undefined
}
