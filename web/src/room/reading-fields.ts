/**
 * Readings as they are entered, field by field, and the object they become (MSG-4). Pure. What the
 * server would refuse is told at the field it is about, before anything is sent.
 */
import { dataProblem } from '../../../src/protocol/incident-data.ts'
import { DATA_FIELD_NAME_MAX_LENGTH } from '../../../src/protocol/limits.ts'

/** Taipei has kept UTC+8 without daylight saving since 1980. */
const TAIPEI_OFFSET_MS = 8 * 3_600_000

export type ReadingKind = 'number' | 'text' | 'yes_no' | 'time'

export const reading_kinds = ['number', 'text', 'yes_no', 'time'] as const

/** A name, and what kind of value it had. */
export type KnownField = { readonly name: string; readonly kind: ReadingKind }

export type ReadingField = KnownField & {
  readonly id: number
  /** As entered: a number in any digits, `yes` or `no`, a local time. */
  readonly value: string
}

export type FieldProblem = {
  readonly name?: 'no_name' | 'name_too_long' | 'name_characters' | 'name_twice'
  readonly value?: 'no_value' | 'no_number'
}

type Value = number | string | boolean

export type EnteredReadings =
  | { readonly kind: 'fit'; readonly data: Readonly<Record<string, Value>> }
  | {
      readonly kind: 'unfit'
      readonly fields: ReadonlyMap<number, FieldProblem>
      /** About all of them together. */
      readonly whole: 'nothing' | 'too_much' | undefined
    }

export const enteredReadings = (fields: readonly ReadingField[]): EnteredReadings => {
  const filled = fields.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '')
  const problems = new Map<number, FieldProblem>()
  const values = new Map<string, Value>()
  for (const field of filled) {
    const name = field.name.trim()
    const value = valueOf(field)
    const problem = {
      ...nameProblem(name, values.has(name)),
      ...(value === undefined ? valueProblem(field) : {}),
    }
    if (Object.keys(problem).length > 0) problems.set(field.id, problem)
    if (value !== undefined) values.set(name, value)
  }
  if (problems.size > 0) return { kind: 'unfit', fields: problems, whole: undefined }
  if (filled.length === 0) return { kind: 'unfit', fields: problems, whole: 'nothing' }
  const data = Object.fromEntries(values)
  if (dataProblem(data) !== undefined) return { kind: 'unfit', fields: problems, whole: 'too_much' }
  return { kind: 'fit', data }
}

/** Each name once, as it was said last. Only what the form can enter. */
export const knownFields = (
  readings: readonly Readonly<Record<string, unknown>>[],
): readonly KnownField[] => {
  const known = new Map<string, KnownField>()
  for (const reading of readings)
    for (const [name, value] of Object.entries(reading)) {
      const kind = kindOf(value)
      if (kind !== undefined && !known.has(name)) known.set(name, { name, kind })
    }
  return [...known.values()]
}

/** An instant as a field of kind `time` has it: Taipei's time, to the minute. */
export const enteredTime = (at_ms: number): string =>
  new Date(at_ms + TAIPEI_OFFSET_MS).toISOString().slice(0, 16)

const nameProblem = (name: string, is_taken: boolean): FieldProblem => {
  if (name === '') return { name: 'no_name' }
  if (name.length > DATA_FIELD_NAME_MAX_LENGTH) return { name: 'name_too_long' }
  if (/[.\p{Cc}\p{Cs}]/u.test(name)) return { name: 'name_characters' }
  return is_taken ? { name: 'name_twice' } : {}
}

const valueProblem = ({ kind, value }: ReadingField): FieldProblem => ({
  value: kind === 'number' && value.trim() !== '' ? 'no_number' : 'no_value',
})

/** Undefined where nothing that fits was entered. */
const valueOf = ({ kind, value }: ReadingField): Value | undefined => {
  const entered = value.trim()
  if (entered === '') return undefined
  switch (kind) {
    case 'number':
      return numberOf(entered)
    case 'text':
      return entered.toWellFormed().replaceAll('\0', '')
    case 'yes_no':
      return entered === 'yes'
    case 'time':
      // What people enter is Taipei's time (WEB-2), in any zone of the device.
      return `${entered.length === 16 ? `${entered}:00` : entered}+08:00`
  }
}

/** Input methods write full-width digits; a comma parts thousands. */
const numberOf = (entered: string): number | undefined => {
  const plain = entered.normalize('NFKC').replace('−', '-')
  const digits = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(',', '') : plain
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(digits)) return undefined
  const number = Number(digits)
  return Number.isFinite(number) ? number : undefined
}

const kindOf = (value: unknown): ReadingKind | undefined => {
  switch (typeof value) {
    case 'number':
      return 'number'
    case 'boolean':
      return 'yes_no'
    case 'string':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? 'time' : 'text'
    default:
      return undefined
  }
}
