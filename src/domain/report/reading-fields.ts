/** The object of a reading as flat fields, each by the path that leads to it. */

export type FieldValue = number | string | boolean

/** `{ pump: { bar: 4.1, on: [true] } }` → `pump.bar` 4.1, `pump.on.0` true. In the order told. */
export function* fieldsOf(
  data: Readonly<Record<string, unknown>> | readonly unknown[],
  within = '',
): Generator<readonly [string, FieldValue]> {
  for (const [name, value] of Object.entries(data)) {
    const path = within === '' ? name : `${within}.${name}`
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
      yield [path, value]
    else if (typeof value === 'object' && value !== null)
      yield* fieldsOf(value as Record<string, unknown>, path)
  }
}

/** `temperature = 80, line = 3` */
export const dataText = (data: Readonly<Record<string, unknown>>): string =>
  [...fieldsOf(data)].map(([path, value]) => `${path} = ${value}`).join(', ')
