/**
 * What a file is, from its first bytes alone: never from its name or from what the uploader says
 * (SEC-3). What is not known here is kept all the same, as bytes or as plain text that nothing will
 * ever run. HTML, SVG, XML and scripts have no entry, and must never get one.
 */
import { boxBrands, latin, zipNames } from './containers.ts'

/** What nobody runs, shows or guesses at. */
export const UNKNOWN_TYPE = 'application/octet-stream'

/** Shown in place by browsers, as pictures; all else is for downloading. */
const shownInPlace = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

export const isShownInPlace = (content_type: string): boolean => shownInPlace.has(content_type)

/**
 * @param prefix the whole file, or as much of its beginning as anybody should look at
 * @param name tells a table from other text, and nothing else
 */
export const contentTypeOf = (prefix: Uint8Array, name: string): string =>
  signatures.find((signature) => signature.matches(prefix))?.content_type ??
  riffType(prefix) ??
  boxType(prefix) ??
  ebmlType(prefix) ??
  oggType(prefix) ??
  zipType(prefix) ??
  audioFrameType(prefix) ??
  textType(prefix, name) ??
  UNKNOWN_TYPE

const hasAt = (bytes: Uint8Array, offset: number, expected: readonly number[]): boolean =>
  bytes.length >= offset + expected.length &&
  expected.every((byte, index) => bytes[offset + index] === byte)

const hasText = (bytes: Uint8Array, offset: number, expected: string): boolean =>
  hasAt(
    bytes,
    offset,
    [...expected].map((character) => character.charCodeAt(0)),
  )

type Signature = {
  readonly content_type: string
  readonly matches: (prefix: Uint8Array) => boolean
}

const startsWith = (content_type: string, ...expected: readonly number[]): Signature => ({
  content_type,
  matches: (prefix) => hasAt(prefix, 0, expected),
})

const startsWithText = (content_type: string, expected: string): Signature => ({
  content_type,
  matches: (prefix) => hasText(prefix, 0, expected),
})

const signatures: readonly Signature[] = [
  startsWith('image/png', 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  startsWith('image/jpeg', 0xff, 0xd8, 0xff),
  startsWithText('image/gif', 'GIF87a'),
  startsWithText('image/gif', 'GIF89a'),
  startsWith('image/tiff', 0x49, 0x49, 0x2a, 0x00),
  startsWith('image/tiff', 0x4d, 0x4d, 0x00, 0x2a),
  startsWithText('application/pdf', '%PDF-'),
  startsWith('application/gzip', 0x1f, 0x8b, 0x08),
  startsWith('application/x-7z-compressed', 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c),
  startsWith('application/vnd.rar', 0x52, 0x61, 0x72, 0x21, 0x1a, 0x07),
  /** Office before 2007, all of it in one container. */
  startsWith('application/x-cfb', 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
  startsWithText('audio/flac', 'fLaC'),
  // With the version of the tag behind it: words may begin with these letters.
  ...[2, 3, 4].map((version) => startsWith('audio/mpeg', 0x49, 0x44, 0x33, version)),
]

const riffTypes: Readonly<Record<string, string>> = {
  WEBP: 'image/webp',
  WAVE: 'audio/wav',
  'AVI ': 'video/x-msvideo',
}

const riffType = (prefix: Uint8Array): string | undefined =>
  hasText(prefix, 0, 'RIFF')
    ? Object.entries(riffTypes).find(([form]) => hasText(prefix, 8, form))?.[1]
    : undefined

/** By brand, the more telling ones first. */
const boxTypes: readonly (readonly [content_type: string, brands: readonly string[]])[] = [
  ['image/avif', ['avif', 'avis']],
  ['image/heic', ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1']],
  ['video/quicktime', ['qt  ']],
  ['audio/mp4', ['M4A ', 'M4B ', 'M4P ']],
  ['video/3gpp', ['3gp4', '3gp5', '3gp6', '3gp7']],
  ['video/mp4', ['isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'dash', 'M4V ']],
]

/** MPEG-4 and its relatives. The major brand decides; where it is vague, the compatible ones do. */
const boxType = (prefix: Uint8Array): string | undefined => {
  const brands = boxBrands(prefix)
  const [major] = brands
  const isVague = major === 'mif1' || major === 'msf1'
  const telling = isVague ? brands : brands.slice(0, 1)
  return boxTypes.find(([, known]) => telling.some((brand) => known.includes(brand)))?.[0]
}

const ebmlType = (prefix: Uint8Array): string | undefined => {
  if (!hasAt(prefix, 0, [0x1a, 0x45, 0xdf, 0xa3])) return undefined
  const head = latin(prefix.subarray(0, 64))
  if (head.includes('webm')) return 'video/webm'
  return head.includes('matroska') ? 'video/x-matroska' : undefined
}

const oggType = (prefix: Uint8Array): string | undefined => {
  if (!hasText(prefix, 0, 'OggS')) return undefined
  const head = latin(prefix.subarray(0, 64))
  return head.includes('theora') ? 'video/ogg' : 'audio/ogg'
}

const officeTypes: readonly (readonly [folder: string, content_type: string])[] = [
  ['word/', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xl/', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt/', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
]

const openDocumentTypes = ['text', 'spreadsheet', 'presentation'].map(
  (kind) => `application/vnd.oasis.opendocument.${kind}`,
)

const zipType = (prefix: Uint8Array): string | undefined => {
  if (hasAt(prefix, 0, [0x50, 0x4b, 0x05, 0x06])) return 'application/zip'
  if (!hasAt(prefix, 0, [0x50, 0x4b, 0x03, 0x04])) return undefined
  // OpenDocument names itself in the first entry, which is never compressed.
  const head = latin(prefix.subarray(30, 128))
  const openDocument = openDocumentTypes.find((type) => head.startsWith(`mimetype${type}`))
  if (openDocument !== undefined) return openDocument
  const names = zipNames(prefix)
  if (!names.includes('[Content_Types].xml')) return 'application/zip'
  const office = officeTypes.find(([folder]) => names.some((name) => name.startsWith(folder)))
  return office?.[1] ?? 'application/zip'
}

/** MPEG audio without a tag before it: a frame header that makes sense. */
const audioFrameType = (prefix: Uint8Array): string | undefined => {
  const [first = 0, second = 0, third = 0] = prefix
  if (prefix.length < 4 || first !== 0xff) return undefined
  if ((second & 0xf6) === 0xf0) return 'audio/aac'
  const isLayer3 = (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08
  const hasRates = (third & 0xf0) !== 0xf0 && (third & 0xf0) !== 0 && (third & 0x0c) !== 0x0c
  return isLayer3 && hasRates ? 'audio/mpeg' : undefined
}

/** UTF-8 without control characters. Text in an older encoding is kept as bytes. */
const textType = (prefix: Uint8Array, name: string): string | undefined => {
  if (prefix.some((byte) => byte < 0x20 && !isLayout(byte))) return undefined
  try {
    // Streaming: the prefix may end within a character.
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(prefix, { stream: true })
  } catch {
    return undefined
  }
  return /\.csv$/i.test(name) ? 'text/csv' : 'text/plain'
}

/** Tab, line feed, form feed, carriage return. */
const isLayout = (byte: number): boolean =>
  byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d
