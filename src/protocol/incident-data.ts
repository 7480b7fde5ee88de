/** Readings of machines as an object: the content of an `incident_data` message (MSG-4). */
import * as z from 'zod/mini'
import {
  DATA_DEPTH_MAX_COUNT,
  DATA_FIELD_NAME_MAX_LENGTH,
  DATA_FIELDS_MAX_COUNT,
  DATA_MAX_LENGTH,
} from './limits.ts'

/**
 * Numbers, texts (times are RFC 3339 texts), booleans, and objects and lists of them.
 * @returns what is wrong with it, or undefined
 */
export const dataProblem = (data: Readonly<Record<string, unknown>>): string | undefined => {
  if (Object.keys(data).length === 0) return 'must have a field'
  let fields = 0
  const problemIn = (value: unknown, path: string, depth: number): string | undefined => {
    switch (typeof value) {
      case 'boolean':
        return undefined
      case 'number':
        return Number.isFinite(value) ? undefined : `${path} is not a finite number`
      case 'string':
        return value.isWellFormed() && !value.includes('\u0000')
          ? undefined
          : `${path} contains NUL or a lone surrogate`
      case 'object':
        break
      default:
        return `${path} is no number, text or boolean`
    }
    if (value === null) return `${path} is null; leave it out instead`
    if (depth > DATA_DEPTH_MAX_COUNT) return `nests deeper than ${DATA_DEPTH_MAX_COUNT} levels`
    for (const [name, inner] of Object.entries(value)) {
      fields += 1
      if (fields > DATA_FIELDS_MAX_COUNT) return `has more than ${DATA_FIELDS_MAX_COUNT} values`
      if (!Array.isArray(value) && !isFieldName(name))
        return `the field name ${JSON.stringify(name.slice(0, 80))} is empty, too long or has a "." or a control character`
      const problem = problemIn(inner, path === '' ? name : `${path}.${name}`, depth + 1)
      if (problem !== undefined) return problem
    }
    return undefined
  }
  return (
    problemIn(data, '', 1) ??
    (JSON.stringify(data).length > DATA_MAX_LENGTH
      ? `is longer than ${DATA_MAX_LENGTH} characters of JSON`
      : undefined)
  )
}

/** A dot would be read as a step into an object where messages are filtered by field. */
const isFieldName = (name: string): boolean =>
  name.length <= DATA_FIELD_NAME_MAX_LENGTH && /^[^.\p{Cc}\p{Cs}]+$/u.test(name)

export const IncidentData = z.record(z.string(), z.unknown()).check((checked) => {
  const problem = dataProblem(checked.value)
  if (problem !== undefined)
    checked.issues.push({ code: 'custom', input: checked.value, message: problem })
})
