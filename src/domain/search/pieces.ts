/**
 * Folded text cut into what search counts: runs of scripts written without spaces (and of emoji),
 * words of letters, and codes, in which digits are joined to letters and signs.
 */

export type Piece = {
  /** run: `溫度過高`. word: `pressure`. code: `a12-77`, `4.1`, `img_2034.jpg`. */
  readonly kind: 'run' | 'word' | 'code'
  readonly text: string
  /** In the folded text, in UTF-16 units. */
  readonly start: number
  /** Nothing stands between the piece before and this one: `3` and `號機` of `3號機`. */
  readonly isGlued: boolean
}

const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}ー\p{Extended_Pictographic}\p{RI}\p{EMod}`
const SPACED = String.raw`[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]`
const PIECE = new RegExp(
  String.raw`[${UNSPACED}][${UNSPACED}\p{M}]*|${SPACED}+(?:[\-_.\/#]${SPACED}+)*`,
  'gv',
)
const STARTS_RUN = new RegExp(`^[${UNSPACED}]`, 'v')
const DIGIT = /\p{N}/u
const CONNECTOR = /[-_./#]/
const WORD = /[^-_./#]+/g

export const piecesOf = (folded: string): Piece[] => {
  const pieces: Piece[] = []
  let end = -1
  for (const { 0: text, index: start } of folded.matchAll(PIECE)) {
    const isGlued = start === end
    end = start + text.length
    if (STARTS_RUN.test(text)) pieces.push({ kind: 'run', text, start, isGlued })
    else if (DIGIT.test(text)) pieces.push({ kind: 'code', text, start, isGlued })
    else if (!CONNECTOR.test(text)) pieces.push({ kind: 'word', text, start, isGlued })
    else
      for (const { 0: word, index } of text.matchAll(WORD))
        pieces.push({
          kind: 'word',
          text: word,
          start: start + index,
          isGlued: isGlued && index === 0,
        })
  }
  return pieces
}

/**
 * For each unit of a folded text, 1 where something that is looked for may begin: anywhere but
 * inside a word, of which only the beginning is looked for.
 */
export const beginningsOf = (folded: string): Uint8Array => {
  const beginnings = new Uint8Array(folded.length).fill(1)
  for (const { kind, text, start } of piecesOf(folded))
    if (kind === 'word') beginnings.fill(0, start + 1, start + text.length)
  return beginnings
}
