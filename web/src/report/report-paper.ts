/**
 * The sheet a report is shown on: pieces of Markdown are put on it one after the other, each in a
 * turn of its own so that the page stays alive, and no more of them than a person scrolls through.
 */
import { nodesOf } from './markdown-nodes.ts'

/** A preview is read, not kept: beyond this, copy and download have it. */
export const PREVIEW_LINES_MAX_COUNT = 12_000

export type ReportPaperOptions = {
  readonly sheet: HTMLElement
  /** Somebody wants to see the message with this number. */
  readonly onmark: (sequence_number: number) => void
  readonly markName: (mark: string) => string
}

export class ReportPaper {
  readonly #options: ReportPaperOptions
  #waiting: string[] = []
  #shown_lines = 0
  #is_turning = false
  #is_gone = false

  constructor(options: ReportPaperOptions) {
    this.#options = options
  }

  /** Takes effect in the next turns. */
  add(pieces: readonly string[]): void {
    this.#waiting.push(...pieces)
    if (!this.#is_turning) void this.#turn()
  }

  /** Nothing more is put on the sheet. */
  discard(): void {
    this.#is_gone = true
    this.#waiting = []
  }

  async #turn(): Promise<void> {
    this.#is_turning = true
    while (
      this.#waiting.length > 0 &&
      this.#shown_lines < PREVIEW_LINES_MAX_COUNT &&
      !this.#is_gone
    ) {
      const piece = this.#waiting.shift() ?? ''
      this.#show(piece)
      await new Promise((resolve) => setTimeout(resolve))
    }
    this.#is_turning = false
  }

  #show(piece: string): void {
    const { sheet, markName, onmark } = this.#options
    const { ownerDocument: document } = sheet
    const markNode = (mark: string): Node => {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = mark
      button.title = markName(mark)
      button.addEventListener('click', () => onmark(Number(mark.slice(1))))
      return button
    }
    const section = document.createElement('div')
    section.append(nodesOf(piece, { document, markNode }))
    sheet.append(section)
    this.#shown_lines += piece.split('\n').length - 1
  }
}
