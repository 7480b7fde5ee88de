/**
 * A file on its way to a reader: the headers that keep it from running as a page (SEC-3), and the
 * part of it that was asked for.
 */
import type { FileSeen } from '../database/files.ts'
import { isShownInPlace } from '../domain/file/content-type.ts'
import { dispositionOf } from '../domain/file/name.ts'
import type { ByteRange } from '../domain/file/range.ts'

/** Should a browser open it as a document all the same: no scripts, no origin, nothing loaded. */
const policy = "sandbox; default-src 'none'; frame-ancestors 'none'"

/** Bytes of a file never change, so its id tells them from all others. */
export const tagOf = (file_id: string): string => `"${file_id}"`

export const fileHeaders = (
  file_id: string,
  { name, content_type }: Pick<FileSeen, 'name' | 'content_type'>,
): Record<string, string> => ({
  'content-type': content_type.startsWith('text/')
    ? `${content_type}; charset=utf-8`
    : content_type,
  'content-disposition': dispositionOf(
    isShownInPlace(content_type) ? 'inline' : 'attachment',
    name,
  ),
  'content-security-policy': policy,
  // Kept by the reader's own browser alone, and asked about each time: a removal takes effect.
  'cache-control': 'private, no-cache',
  etag: tagOf(file_id),
  'accept-ranges': 'bytes',
})

export const rangeHeaders = (range: ByteRange | 'whole', size: number): Record<string, string> => {
  if (range === 'whole') return { 'content-length': String(size) }
  const { offset, length } = range
  return {
    'content-length': String(length),
    'content-range': `bytes ${offset}-${offset + length - 1}/${size}`,
  }
}
