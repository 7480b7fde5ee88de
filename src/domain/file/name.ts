/**
 * The name of a file as people see it: Unicode, in one line, without a path, and without characters
 * that make it look like another one (`exe.gnp` read backwards).
 */
import { FILE_NAME_MAX_LENGTH } from '../../protocol/limits.ts'

/** Of what has no name of its own. */
const nameless = 'file'

/** An ending longer than this is not one. */
const endingMaxLength = 20

/** Control characters, line separators, invisible ones, and those that reorder text. */
const hidden = /[\p{Cc}\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

export const cleanName = (given: string): string => {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const name = last.replaceAll(hidden, '').normalize('NFC').trim()
  return /^\.*$/.test(name) ? nameless : shortened(name)
}

const shortened = (name: string): string => {
  if (name.length <= FILE_NAME_MAX_LENGTH) return name
  const ending = name.slice(Math.max(0, name.lastIndexOf('.')))
  const kept = ending.startsWith('.') && ending.length <= endingMaxLength ? ending : ''
  const beginning = name.slice(0, FILE_NAME_MAX_LENGTH - kept.length)
  // The cut may have parted a pair.
  return beginning.replace(/[\ud800-\udbff]$/, '') + kept
}

/**
 * The name for `content-disposition` (RFC 6266): in ASCII for old programs, in UTF-8 for all
 * others.
 */
export const dispositionOf = (kind: 'inline' | 'attachment', name: string): string => {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
