/** Checks values against the schemas of a generated document, references and all. */
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

export type Json = Record<string, unknown>

export type Schemas = {
  /**
   * What is wrong with the value; undefined where nothing is.
   * @param pointer into the document, e.g. `#/components/schemas/Room`
   */
  problemWith(pointer: string, value: unknown): string | undefined
}

export type SchemasOptions = {
  /** Draft 7 for AsyncAPI 3, 2020-12 for OpenAPI 3.1. */
  readonly dialect: 'draft-7' | '2020-12'
  /** Refuses fields that a schema with named fields does not name. */
  readonly closed?: boolean
}

export const schemasOf = (document: Json, { dialect, closed = false }: SchemasOptions): Schemas => {
  const ajv = new (dialect === 'draft-7' ? Ajv : Ajv2020)({ strict: false, allErrors: true })
  // Its types describe the CommonJS export, whose function is also its default.
  const add = addFormats as unknown as (target: Ajv) => void
  add(ajv)
  // AsyncAPI's own `id` would be read as a keyword of an older dialect.
  const { id: _, ...rest } = closed ? closedForm(document) : document
  ajv.addSchema({ ...rest, $id: 'document' })
  const known = new Map<string, ValidateFunction>()
  const validatorAt = (pointer: string): ValidateFunction => {
    const found = known.get(pointer) ?? ajv.compile({ $ref: `document${encodeURI(pointer)}` })
    known.set(pointer, found)
    return found
  }
  return {
    problemWith: (pointer, value) => {
      const validate = validatorAt(pointer)
      return validate(value) ? undefined : ajv.errorsText(validate.errors)
    },
  }
}

/** The document with every object closed that names its fields and says nothing of others. */
const closedForm = (value: Json): Json => {
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, closedValue(inner)]),
  )
  return copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy)
    ? { ...copy, additionalProperties: false }
    : copy
}

const closedValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closedValue)
  return typeof value === 'object' && value !== null ? closedForm(value as Json) : value
}

/** Text of one part of a JSON pointer. */
export const pointerPart = (name: string | number): string =>
  String(name).replaceAll('~', '~0').replaceAll('/', '~1')
