/**
 * Text as search compares it: without case, width, accents and what nobody sees. Both the words of
 * a message and those of a query pass here, so that they meet; `foldWithOrigins` leads back to the
 * text as it was written.
 */

/** Accents, and what has no width: joiners, variation selectors, soft hyphens, marks of direction. */
const IGNORED = /[\u0300-\u036f\p{Default_Ignorable_Code_Point}]/gu

/** Every hyphen and dash somebody may type between the parts of a code. */
const DASHES = /[\u2010-\u2015\u2212]/g

// oxlint-disable-next-line no-control-regex -- ASCII is what it is about.
const ASCII = /^[\u0000-\u007f]*$/

/** NFKC without accents, in lower case. `Ａ１２－７７` → `a12-77`, `Café` → `cafe`, `Straße` → `strasse`. */
export const fold = (text: string): string =>
  ASCII.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .replace(IGNORED, '')
        .replace(DASHES, '-')
        // By way of the upper case, which ß and ſ have in common with ss and s.
        .toUpperCase()
        .toLowerCase()
        .replaceAll('ς', 'σ')
        .normalize('NFKD')
        .replace(IGNORED, '')
        .normalize('NFC')

/** One character with all that may melt into it: marks, the voicing of half-width Kana, Hangul. */
const CLUSTER =
  /[^][\p{M}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\uff9e\uff9f\uffa0-\uffdc]*/gu

export type Folded = {
  readonly text: string
  /** Where in the original the character begins that made this unit of `text`, and where it ends. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Offsets count UTF-16 units, on both sides. */
export const foldWithOrigins = (original: string): Folded => {
  const starts: number[] = []
  const ends: number[] = []
  let text = ''
  for (const { 0: cluster, index } of original.matchAll(CLUSTER)) {
    const folded = fold(cluster)
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts.push(index)
      ends.push(index + cluster.length)
    }
    text += folded
  }
  return { text, starts, ends }
}
