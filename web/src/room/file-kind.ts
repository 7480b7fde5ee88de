/** What a file is to people, from its type as found in the bytes. Pure. */

export type FileKind = 'image' | 'video' | 'audio' | 'table' | 'text' | 'archive' | 'other'

const tables = /spreadsheet|ms-excel|text\/csv|tab-separated/u
const texts = /^text\/|pdf|word|json|presentation|powerpoint|opendocument\.text|rtf/u
const archives = /zip|gzip|x-tar|7z|rar|zstd|bzip/u

export const fileKind = (content_type: string): FileKind => {
  const [family] = content_type.split('/')
  if (family === 'image' || family === 'video' || family === 'audio') return family
  if (tables.test(content_type)) return 'table'
  if (texts.test(content_type)) return 'text'
  return archives.test(content_type) ? 'archive' : 'other'
}
