/** The names of all frames in a schema, read from its JSON Schema, so that none is forgotten. */
import * as z from 'zod/mini'

type JsonSchema = z.core.JSONSchema.BaseSchema

export const frameNames = (schema: z.core.$ZodType): string[] => {
  const names = variantsOf(z.toJSONSchema(schema)).flatMap((variant) => {
    const type = valuesOf(variant, 'type')
    const events = valuesOf(variant, 'event')
    return type.flatMap((name) =>
      events.length === 0 ? [name] : events.map((event) => `${name} ${event}`),
    )
  })
  // A message comes in several kinds under one name.
  return [...new Set(names)]
}

const variantsOf = (schema: JsonSchema): JsonSchema[] => {
  const variants = schema.anyOf ?? schema.oneOf
  return variants ? variants.flatMap(variantsOf) : [schema]
}

/** The constants that a property may have. */
const valuesOf = (schema: JsonSchema, property: string): string[] => {
  const found = schema.properties?.[property]
  if (typeof found !== 'object') return []
  return [found.const, ...(found.enum ?? [])].filter((value) => typeof value === 'string')
}
