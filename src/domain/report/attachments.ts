/** Pictures and files, with links that ask again who reads (API-5). */
import { escapeInline, tableHead, tableRow } from './escape.ts'
import { eachPage, type AttachmentRow, type ReportSteps } from './page.ts'
import { fileLink, sequenceMark, sizeText, type Style } from './style.ts'

/** @returns how many there were */
export function* attachments(style: Style): ReportSteps<number> {
  const { words } = style
  let count = 0
  yield `## ${words.sections.attachments}\n\n`
  yield* eachPage('attachments', (rows) => {
    const head = count === 0 && rows.length > 0 ? tableHead(words.attachments_head) : ''
    count += rows.length
    return head + rows.map((row) => attachmentRow(row, style)).join('')
  })
  yield count === 0 ? `${words.none}\n\n` : '\n'
  return count
}

const attachmentRow = (row: AttachmentRow, { time }: Style): string =>
  tableRow([
    sequenceMark(row.sequence_number),
    time(row.at),
    escapeInline(row.sender_name),
    fileLink(row.name, row.file_id),
    escapeInline(row.content_type),
    sizeText(row.size_bytes),
  ])
