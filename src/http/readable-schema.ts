/** How our schemas are written in the documents. */
import type * as z from 'zod/mini'

/** The pattern of a date-time says less than its name, in two hundred characters. */
export const readably = ({
  jsonSchema,
}: {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema
}): void => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
}
