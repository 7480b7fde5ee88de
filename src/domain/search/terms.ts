/**
 * The terms a message is found by (API-2): what its writer gives to the database. Runs give
 * overlapping pairs of characters, words themselves, codes what follows from each of their places;
 * docs/decisions/0010 tells why. On the path of every message, so it does no more than this.
 */
import type { MessageType } from '../../protocol/message.ts'
import { fold } from './fold.ts'
import { piecesOf, type Piece } from './pieces.ts'

/** Terms per message. A longer text is found by its beginning: 5,000 characters of Chinese. */
export const TERMS_MAX_COUNT = 5_000

/** Longest term of a word and of a code, in characters. What a query has beyond is compared later. */
export const WORD_MAX_LENGTH = 40
export const CODE_MAX_LENGTH = 8

/** What was said, by its writer or on the wire. */
export type Said = {
  readonly message_type: MessageType
  /** Words or caption; on the wire the object of `incident_data` as well. */
  readonly content: string | Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>> | null
}

/** For `messages.search`, as the text of a `tsvector`. The name of a file has its own, in `files`. */
export const searchVectorOf = (said: Said): string =>
  vectorOf(termsOf([wordsOf(said), ...dataTexts(said)]))

/** For `files.search`. */
export const fileSearchVectorOf = (name: string): string => vectorOf(termsOf([name]))

/** Distinct, never empty, well-formed, and at most TERMS_MAX_COUNT. */
export const termsOf = (texts: readonly string[]): string[] => {
  const terms = new Set<string>()
  for (const text of texts) {
    if (terms.size >= TERMS_MAX_COUNT) break
    if (text !== '') addTerms(terms, piecesOf(fold(text)))
  }
  return terms.size > TERMS_MAX_COUNT ? [...terms].slice(0, TERMS_MAX_COUNT) : [...terms]
}

const vectorOf = (terms: readonly string[]): string => terms.map(quoted).join(' ')

/** A lexeme in a `tsvector` or `tsquery`, whatever is in it. */
export const quoted = (lexeme: string): string =>
  // Hardly any lexeme has one; looking for both is a third of the cost of replacing neither.
  lexeme.includes("'") || lexeme.includes('\\')
    ? `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${lexeme}'`

/** What its sender wrote as words. */
export const wordsOf = ({ content }: Pick<Said, 'content'>): string =>
  typeof content === 'string' ? content : ''

/** Names and texts of incident data, one by one. Numbers are filtered by field, not searched. */
export const dataTexts = ({ message_type, content, data }: Said): string[] => {
  const texts: string[] = []
  const gather = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value)
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value)) texts.push(...Object.keys(value))
    for (const inner of Object.values(value)) gather(inner)
  }
  if (message_type === 'incident_data') gather(typeof content === 'string' ? data : content)
  return texts
}

const addTerms = (terms: Set<string>, pieces: readonly Piece[]): void => {
  for (const [index, piece] of pieces.entries()) {
    if (terms.size >= TERMS_MAX_COUNT) return
    const before = piece.isGlued ? pieces[index - 1] : undefined
    if (before) terms.add(seamOf(before.text, piece.text))
    if (piece.kind === 'word') terms.add(shortened(piece.text, WORD_MAX_LENGTH))
    else if (piece.kind === 'code') addParts(terms, piece.text)
    // The last of a run begins no pair, so it is a term of its own, found by `高:*` like the others.
    else for (const pair of pairsOf(piece.text)) terms.add(pair)
  }
}

/** `溫度過高` → 溫度, 度過, 過高, 高 */
const pairsOf = function* (run: string): Generator<string> {
  let before = ''
  for (const character of run) {
    if (before !== '') yield before + character
    before = character
  }
  yield before
}

/** `a12-77` → a12-77, 12-77, 2-77, 77, 7 */
const addParts = (terms: Set<string>, code: string): void => {
  // Only a surrogate makes a character of two units; codes with one are rare, and slow.
  const characters = SURROGATE.test(code) ? [...code] : code
  for (let at = 0; at < characters.length; at += 1) {
    if (isConnector(characters[at])) continue
    const part = characters.slice(at, at + CODE_MAX_LENGTH)
    terms.add(typeof part === 'string' ? part : part.join(''))
  }
}

const SURROGATE = /[\ud800-\udfff]/

/** No query begins with one. */
export const isConnector = (character: string | undefined): boolean =>
  character !== undefined && '-_./#'.includes(character)

/** The last character of one piece and the first of the next: `3` + `號機` → `3號`. */
export const seamOf = (before: string, after: string): string =>
  (/[^]$/u.exec(before)?.[0] ?? '') + (/^[^]/u.exec(after)?.[0] ?? '')

/** Never cuts a character in two. */
export const shortened = (text: string, length: number): string =>
  text.length <= length ? text : [...text].slice(0, length).join('')
