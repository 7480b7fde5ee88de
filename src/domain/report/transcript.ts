/** Everything that was said, word by word and in order. */
import type { Message } from '../../protocol/message.ts'
import { escapeInline, escapeLines } from './escape.ts'
import { eachPage, type ReportSteps, type TranscriptRow } from './page.ts'
import { dataText } from './reading-fields.ts'
import { fileLink, senderOf, sequenceMark, sizeText, type Style } from './style.ts'

/** @returns how many messages there were */
export function* transcript(style: Style): ReportSteps<number> {
  let count = 0
  yield `## ${style.words.sections.transcript}\n\n`
  yield* eachPage('transcript', (rows) => {
    count += rows.length
    return rows.map((row) => messageLines(row, style)).join('')
  })
  yield count === 0 ? `${style.words.none}\n\n` : '\n'
  return count
}

/**
 * One item of a list. A message of several lines has its number on each of them: that is what the
 * rule asks, and it keeps people's words away from the beginning of a line.
 */
const messageLines = ({ message, reply_sequence }: TranscriptRow, style: Style): string => {
  const { words, time } = style
  const mark = sequenceMark(message.sequence_number)
  const about = [
    message.edited_at === null || message.deleted_at !== null ? '' : ` *(${words.edited})*`,
    reply_sequence === null ? '' : ` ↩ ${sequenceMark(reply_sequence)}`,
  ].join('')
  const who = `**${mark}** ${time(message.created_at)} ${senderOf(message)}${about}`
  const lines = linesOf(message, words.deleted).join(`\\\n  ${mark} `)
  return `- ${who}${words.colon}${lines}${reactionsOf(message)}\n`
}

const linesOf = (message: Message, deleted: string): readonly string[] => {
  if (message.deleted_at !== null) return [`*${deleted}*`]
  const { content, file, file_id } = message
  if (typeof content !== 'string') return [escapeInline(dataText(content))]
  const lines = escapeLines(content)
  if (message.message_type === 'system')
    return lines.map((line) => (line === '' ? '' : `*${line}*`))
  if (file_id === null) return lines
  const link =
    file === null
      ? fileLink('', file_id)
      : `${fileLink(file.name, file_id)} (${escapeInline(file.content_type)}, ${sizeText(file.size)})`
  return content.trim() === '' ? [link] : [...lines, link]
}

const reactionsOf = ({ reactions, deleted_at }: Message): string =>
  reactions.length === 0 || deleted_at !== null
    ? ''
    : ` · ${reactions.map(({ emoji, count }) => `${escapeInline(emoji)} ${count}`).join(' ')}`
