/**
 * What was measured: for each field the least, the greatest and the last value with the messages
 * they were in, and all readings over time. Read twice, so that none has to be kept: the first time
 * for the fields, the second for the table.
 */
import { escapeInline, shorten, tableHead, tableRow } from './escape.ts'
import { eachPage, type ReadingRow, type ReportSteps } from './page.ts'
import { fieldsOf, type FieldValue } from './reading-fields.ts'
import { sequenceMark, type Style } from './style.ts'

/** Fields that are kept in mind, the first ones told. What a report holds is bounded by it. */
export const READING_FIELDS_MAX_COUNT = 200

/** Fields with a column in the table of all readings; a page is no wider. */
export const READING_COLUMNS_MAX_COUNT = 8

/** Characters of a text among the readings. */
const VALUE_MAX_LENGTH = 80

type Found<Value extends FieldValue> = { readonly value: Value; readonly sequence: number }

type FieldTally = {
  readonly path: string
  count: number
  /** Undefined where it was never a number. */
  minimum: Found<number> | undefined
  maximum: Found<number> | undefined
  last: Found<FieldValue>
}

class ReadingTally {
  readonly #fields = new Map<string, FieldTally>()
  count = 0
  leftOut = false

  add({ data, sequence_number: sequence }: ReadingRow): void {
    this.count += 1
    for (const [path, told] of fieldsOf(data)) {
      // Only so much of a text is ever shown, and kept.
      const value = typeof told === 'string' ? shorten(told, VALUE_MAX_LENGTH) : told
      const field = this.#fieldAt(path, { value, sequence })
      if (field === undefined) continue
      field.count += 1
      field.last = { value, sequence }
      if (typeof value !== 'number') continue
      // The first of equals is the one that is named.
      if (field.minimum === undefined || value < field.minimum.value)
        field.minimum = { value, sequence }
      if (field.maximum === undefined || value > field.maximum.value)
        field.maximum = { value, sequence }
    }
  }

  /** In the order in which they were first told. */
  get fields(): readonly FieldTally[] {
    return [...this.#fields.values()]
  }

  /** The ones told most often; of equals the one told first. */
  get columns(): readonly string[] {
    return this.fields
      .toSorted((one, other) => other.count - one.count)
      .slice(0, READING_COLUMNS_MAX_COUNT)
      .map((field) => field.path)
  }

  #fieldAt(path: string, last: Found<FieldValue>): FieldTally | undefined {
    const known = this.#fields.get(path)
    if (known !== undefined) return known
    if (this.#fields.size >= READING_FIELDS_MAX_COUNT) {
      this.leftOut = true
      return undefined
    }
    const field: FieldTally = { path, count: 0, minimum: undefined, maximum: undefined, last }
    this.#fields.set(path, field)
    return field
  }
}

/** @returns how many there were */
export function* readings(style: Style): ReportSteps<number> {
  const { words } = style
  const tally = new ReadingTally()
  yield `## ${words.sections.readings}\n\n`
  yield* eachPage('readings', (rows) => {
    for (const row of rows) tally.add(row)
    return ''
  })
  if (tally.count === 0) {
    yield `${words.none}\n\n`
    return 0
  }
  yield tableHead(words.fields_head) + tally.fields.map(fieldRow).join('') + '\n'
  if (tally.leftOut) yield `${words.fields_left_out(READING_FIELDS_MAX_COUNT)}\n\n`

  const { columns } = tally
  const head = [...words.readings_head, ...columns.map((path) => escapeInline(path)), words.others]
  yield `### ${words.sections.all_readings}\n\n${tableHead(head)}`
  yield* eachPage('readings', (rows) => rows.map((row) => readingRow(row, columns, style)).join(''))
  yield '\n'
  return tally.count
}

const fieldRow = ({ path, count, minimum, maximum, last }: FieldTally): string =>
  tableRow([escapeInline(path), String(count), found(minimum), found(maximum), found(last)])

const found = (one: Found<FieldValue> | undefined): string =>
  one === undefined ? '–' : `${valueText(one.value)} (${sequenceMark(one.sequence)})`

const valueText = (value: FieldValue): string =>
  escapeInline(shorten(String(value), VALUE_MAX_LENGTH))

const readingRow = (row: ReadingRow, columns: readonly string[], { time }: Style): string => {
  const values = new Map(fieldsOf(row.data))
  const cells = columns.map((path) => {
    const value = values.get(path)
    values.delete(path)
    return value === undefined ? '' : valueText(value)
  })
  return tableRow([
    sequenceMark(row.sequence_number),
    time(row.at),
    escapeInline(row.sender_name),
    ...cells,
    values.size === 0 ? '' : `+${values.size}`,
  ])
}
