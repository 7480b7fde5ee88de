/**
 * Cuts Markdown that arrives bit by bit into pieces that can be shown by themselves, so that a long
 * report appears while it is read and never holds the page up. A piece ends where a block does; a
 * list or table that is too long for one piece goes on in the next, a table with its head again.
 * It knows no more of Markdown than the reports of `src/domain/report` use.
 */

/** What is turned into nodes at once: a few milliseconds of work. */
export const BLOCK_LINES_MAX_COUNT = 200

export class MarkdownBlocks {
  #rest = ''
  #lines: string[] = []
  /** The head of the table that the last line belongs to. */
  #table_head: readonly string[] = []
  #line_count = 0

  /** Whole lines so far. */
  get line_count(): number {
    return this.#line_count
  }

  /** @returns the pieces that are complete now */
  add(text: string): readonly string[] {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.flatMap((line) => this.#addLine(line))
  }

  /** @returns what is left, where something is */
  end(): readonly string[] {
    const last = this.#rest === '' ? [] : this.#addLine(this.#rest)
    this.#rest = ''
    return [...last, ...this.#take()]
  }

  #addLine(line: string): readonly string[] {
    const pieces = this.#isFull() && isCut(line) ? this.#take() : []
    if (pieces.length > 0 && isRow(line)) this.#lines.push(...this.#table_head)
    this.#lines.push(line)
    this.#line_count += 1
    if (!isRow(line)) this.#table_head = []
    else if (isDelimiter(line)) this.#table_head = this.#lines.slice(-2)
    return pieces
  }

  #isFull(): boolean {
    return this.#lines.length >= BLOCK_LINES_MAX_COUNT
  }

  #take(): readonly string[] {
    const piece = this.#lines.join('\n')
    this.#lines = []
    return piece.trim() === '' ? [] : [`${piece}\n`]
  }
}

/** Where a piece may begin: with an item, a row, a heading, or after a blank line. */
const isCut = (line: string): boolean => line === '' || /^(?:- |#)/.test(line) || isBodyRow(line)

const isRow = (line: string): boolean => line.startsWith('| ')

const isDelimiter = (line: string): boolean => /^\|(?: ---+ \|)+$/.test(line)

const isBodyRow = (line: string): boolean => isRow(line) && !isDelimiter(line)
