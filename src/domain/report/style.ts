/** What every section of a report is written with: its words, its clock, its marks. */
import type { Message } from '../../protocol/message.ts'
import { fileUrl } from '../../protocol/file-url.ts'
import { clockOf, type ShowTime } from './clock.ts'
import { escapeInline } from './escape.ts'
import type { ReportOptions } from './facts.ts'
import { wordsIn, type ReportWords } from './words.ts'

export type Style = {
  readonly words: ReportWords
  readonly time: ShowTime
}

export const styleOf = ({ language, time_zone }: ReportOptions): Style => ({
  words: wordsIn[language],
  time: clockOf(time_zone),
})

/** A message's number, on every line that comes from it. */
export const sequenceMark = (sequence: number): string => `#${sequence}`

/** Where a line of a change stands in the record: its message's number, or its revision. */
export const changeMark = (sequence: number | null, revision: number): string =>
  sequence === null ? `r${revision}` : sequenceMark(sequence)

/** Names are words of people too. */
export const nameOf = (display_name: string, user_id: string): string =>
  escapeInline(display_name, escapeInline(user_id))

export const senderOf = ({ sender_display_name, sender_id }: Message): string =>
  nameOf(sender_display_name, sender_id)

export const fileLink = (name: string, file_id: string): string =>
  `[${escapeInline(name, file_id)}](${fileUrl(file_id)})`

export const sizeText = (bytes: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB'] as const
  let value = bytes
  let unit = 0
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
