/**
 * What people wrote, as Markdown (CommonMark with GitHub's tables and links) that shows those very
 * words and does nothing else. Two things make it safe: every character that could begin a markup
 * is escaped, and what people wrote never stands at the beginning of a line.
 */

/** Begins emphasis, code, links, HTML, entities, table cells, maths or a closing row of `#`. */
const markup = /[\\`*_[\]<>&|~$@#^{}]/g

/** A dot or a colon that may be part of an address or a `:shortcode:`; `4.1` and `10:30` are not. */
const address = /(?<!\d)[.:](?=\S)|[.:](?=[^\s\d])/g

/** Would turn the rest of the line around, or be there without being seen. */
const invisible = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/gu

/** Everything that some reader takes for a new line. */
const newline = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/

const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Shown where a line was broken in a place that has room for one line. */
const brokenLine = ' ↵ '

/** One line of what somebody wrote. It must not be put at the beginning of a line. */
const escapeLine = (line: string): string => {
  const escaped = line
    .replaceAll('\t', ' ')
    .replaceAll(invisible, shown)
    .trim()
    .replaceAll(markup, '\\$&')
    .replaceAll(address, '\\$&')
  // Isolated, so that the figures beside it stay where they are.
  return rightToLeft.test(escaped) ? `\u2068${escaped}\u2069` : escaped
}

const shown = (character: string): string =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`

/** For titles, names, table cells: all in one line. `or` stands for what is blank. */
export const escapeInline = (text: string, or = '–'): string =>
  text
    .split(newline)
    .map(escapeLine)
    .filter((line) => line !== '')
    .join(brokenLine) || or

/** Line by line; a blank line is an empty text. At least one line. */
export const escapeLines = (text: string): readonly string[] => {
  const lines = text.split(newline).map(escapeLine)
  while (lines.length > 1 && lines.at(-1) === '') lines.pop()
  return lines
}

/** At most so many characters, told by an ellipsis; no character is cut in two. */
export const shorten = (text: string, maximum: number): string => {
  // A character has at most two units; a long text need not be taken apart as a whole.
  const characters = [...text.slice(0, maximum * 2 + 2)]
  return characters.length > maximum ? `${characters.slice(0, maximum).join('')}…` : text
}

export const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`

/** Of a table whose other rows follow with no blank line between. */
export const tableHead = (cells: readonly string[]): string =>
  tableRow(cells) + tableRow(cells.map(() => '---'))
