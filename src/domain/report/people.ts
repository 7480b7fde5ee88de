/** Who was there, and what each of them said. */
import { escapeInline, tableHead, tableRow } from './escape.ts'
import { eachPage, type PersonRow, type ReportSteps } from './page.ts'
import { nameOf, sequenceMark, type Style } from './style.ts'

/** @returns how many there were */
export function* people(style: Style): ReportSteps<number> {
  let count = 0
  const { words } = style
  yield `## ${words.sections.people}\n\n${tableHead(words.people_head)}`
  yield* eachPage('people', (rows) => {
    count += rows.length
    return rows.map((row) => personRow(row, style)).join('')
  })
  yield '\n'
  return count
}

const personRow = (person: PersonRow, { words, time }: Style): string => {
  const said = (sequence: number | null, at: string | null) =>
    sequence === null || at === null ? '–' : `${sequenceMark(sequence)} ${time(at)}`
  const outside = person.was_member ? words.left : words.no_member
  return tableRow([
    nameOf(person.display_name, person.user_id),
    escapeInline(person.user_id),
    person.role === null ? outside : words.role[person.role],
    String(person.messages),
    said(person.first_sequence, person.first_at),
    said(person.last_sequence, person.last_at),
  ])
}
