/** The report that is being read, and how far: its text for copying, its sheet for reading. */
import type { Failure } from '../sync/api.ts'
import { MarkdownBlocks } from './markdown-blocks.ts'
import { readReport } from './read-report.ts'
import { ReportPaper, type ReportPaperOptions } from './report-paper.ts'

export type ReportStatus =
  | { readonly kind: 'reading' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'refused'; readonly failure: Failure }

export type ReportOptions = ReportPaperOptions & { readonly onSignedOut: () => void }

export class Report {
  readonly #options: ReportOptions
  #status: ReportStatus = $state.raw({ kind: 'reading' })
  #line_count = $state(0)
  #texts: string[] = []
  #reading: { readonly abort: AbortController; readonly paper: ReportPaper } | undefined

  constructor(options: ReportOptions) {
    this.#options = options
  }

  get status(): ReportStatus {
    return this.#status
  }

  get line_count(): number {
    return this.#line_count
  }

  /** Markdown, as far as it was read. */
  get text(): string {
    return this.#texts.join('')
  }

  /** Ends whatever was being read before. */
  async read(path: string): Promise<void> {
    this.close()
    const { sheet, onSignedOut } = this.#options
    sheet.replaceChildren()
    const paper = new ReportPaper(this.#options)
    const blocks = new MarkdownBlocks()
    const reading = { abort: new AbortController(), paper }
    this.#reading = reading
    this.#texts = []
    this.#line_count = 0
    this.#status = { kind: 'reading' }
    const isCurrent = () => this.#reading === reading
    const end = await readReport({
      fetch: (address, init) => fetch(address, init),
      path,
      signal: reading.abort.signal,
      onSignedOut,
      onText: (text) => {
        if (!isCurrent()) return
        this.#texts.push(text)
        paper.add(blocks.add(text))
        this.#line_count = blocks.line_count
      },
    })
    if (!isCurrent()) return
    paper.add(blocks.end())
    this.#line_count = blocks.line_count
    this.#status = end
  }

  /** Stops reading; what came stays to be seen. */
  cancel(): void {
    this.#reading?.abort.abort()
  }

  close(): void {
    this.#reading?.abort.abort()
    this.#reading?.paper.discard()
    this.#reading = undefined
  }
}
