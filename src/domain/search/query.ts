/**
 * What somebody looks for (API-2): `q` taken apart into needles, all of which a message must hold,
 * and the tsquery that finds the messages which may. Every lexeme is quoted, so nothing in `q` is
 * ever an operator.
 */
import { fold } from './fold.ts'
import { piecesOf, type Piece } from './pieces.ts'
import {
  CODE_MAX_LENGTH,
  WORD_MAX_LENGTH,
  isConnector,
  quoted,
  seamOf,
  shortened,
} from './terms.ts'

/** One thing to be found in the folded text, as it stands there. */
export type Needle = { readonly text: string; readonly pattern: RegExp }

export type SearchQuery = {
  readonly needles: readonly Needle[]
  /** For Postgres: holds every part, words as beginnings. */
  readonly tsquery: string
  /** The same with whole words; what matches it comes first. */
  readonly exact_tsquery: string
}

const QUOTED = /["“”„]([^"“”„]+)["“”„]/g

/** @returns undefined where there is no letter, digit or emoji in it: then nothing is found */
export const searchQueryOf = (q: string): SearchQuery | undefined => {
  const needles = new Map<string, readonly Piece[]>()
  const unquoted = q.replaceAll(QUOTED, (_, phrase: string) => {
    const text = fold(phrase).trim()
    const pieces = piecesOf(text)
    if (pieces.length > 0) needles.set(text, pieces)
    return ' '
  })
  for (const pieces of gluedTogether(piecesOf(fold(unquoted))))
    needles.set(pieces.map(({ text }) => text).join(''), pieces)
  if (needles.size === 0) return undefined
  const parts = [...needles.values()]
  return {
    needles: [...needles.keys()].map((text) => ({ text, pattern: patternOf(text) })),
    tsquery: conjunction(parts.flatMap((pieces) => lexemesOf(pieces, ':*'))),
    exact_tsquery: conjunction(parts.flatMap((pieces) => lexemesOf(pieces, ''))),
  }
}

/** `3號機` is one thing to find, though its parts are two pieces. */
const gluedTogether = (pieces: readonly Piece[]): Piece[][] => {
  const groups: Piece[][] = []
  for (const piece of pieces) {
    const last = groups.at(-1)
    if (piece.isGlued && last) last.push(piece)
    else groups.push([piece])
  }
  return groups
}

/** Spaces in a phrase stand for any space, also a line's end. */
const patternOf = (text: string): RegExp =>
  new RegExp(
    text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`),
    'gu',
  )

const conjunction = (lexemes: readonly string[]): string => [...new Set(lexemes)].join(' & ')

/** The mirror of `termsOf`. `ending` is `:*` where a word may go on. */
const lexemesOf = (pieces: readonly Piece[], ending: ':*' | ''): string[] =>
  pieces.flatMap((piece, index) => {
    const next = pieces[index + 1]
    const seam = next?.isGlued ? [quoted(seamOf(piece.text, next.text))] : []
    const isInSeam = piece.isGlued || seam.length > 0
    switch (piece.kind) {
      case 'run':
        return [...pairLexemes(piece.text, isInSeam), ...seam]
      case 'word':
        return [wordLexeme(piece.text, ending), ...seam]
      case 'code':
        return [...codeLexemes(piece.text, ending), ...seam]
    }
  })

const pairLexemes = (run: string, isInSeam: boolean): string[] => {
  const characters = [...run]
  // A single character begins a pair, or is the last of its run.
  if (characters.length === 1) return isInSeam ? [] : [`${quoted(run)}:*`]
  return characters.slice(1).map((character, index) => quoted(`${characters[index]}${character}`))
}

/** A long word may also be the letters of a code, whose terms are shorter. */
const wordLexeme = (word: string, ending: ':*' | ''): string => {
  const term = shortened(word, WORD_MAX_LENGTH)
  const whole = `${quoted(term)}${term === word ? ending : ''}`
  return [...word].length < CODE_MAX_LENGTH
    ? whole
    : `(${[whole, codeLexemes(word, ending).join(' & ')].join(' | ')})`
}

/** Its first eight characters and its last; those between are compared in the text itself. */
const codeLexemes = (code: string, ending: ':*' | ''): string[] => {
  const characters = [...code]
  if (characters.length < CODE_MAX_LENGTH) return [`${quoted(code)}${ending}`]
  let last = characters.length - CODE_MAX_LENGTH
  while (isConnector(characters[last])) last -= 1
  return [0, last].map((at) => quoted(characters.slice(at, at + CODE_MAX_LENGTH).join('')))
}
