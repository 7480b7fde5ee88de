/** One search as a person builds it up: words, filters, what was found; kept while one looks. */
import type { SearchPage, SearchResult } from '../../../src/protocol/search.ts'
import type { Result } from '../sync/api.ts'
import type { Cancel, Clock } from '../sync/clock.ts'
import { emptyList, PagedList, type PagedState } from '../sync/paged-list.ts'
import {
  filterCount,
  isLongEnough,
  noFilters,
  searchParameters,
  type SearchFilters,
} from './question.ts'

/** Between two keys of somebody who types; after that they wait for results. */
export const TYPING_PAUSE_MS = 250

export type MessageSearchOptions = {
  readonly clock: Clock
  readonly load: (parameters: URLSearchParams) => Promise<Result<SearchPage>>
}

export class MessageSearch {
  readonly #options: MessageSearchOptions
  readonly #list: PagedList<SearchResult>
  #words = $state('')
  #filters: SearchFilters = $state.raw(noFilters)
  #found: PagedState<SearchResult> = $state.raw(emptyList)
  #asked_words = ''
  #cancelPause: Cancel = () => {}
  scroll_top = 0

  constructor(options: MessageSearchOptions) {
    this.#options = options
    this.#list = new PagedList((found) => {
      this.#found = found
    })
  }

  get words(): string {
    return this.#words
  }

  get filters(): SearchFilters {
    return this.#filters
  }

  get found(): PagedState<SearchResult> {
    return this.#found
  }

  get filter_count(): number {
    return filterCount(this.#filters)
  }

  /** @param is_composing an input method is still at it: what stands there is no word yet */
  type(words: string, is_composing: boolean): void {
    this.#words = words
    this.#cancelPause()
    if (is_composing) return
    if (!isLongEnough(words)) return this.#forget()
    this.#cancelPause = this.#options.clock.after(TYPING_PAUSE_MS, () => this.askNow())
  }

  /** Without waiting for the pause; the same words are not asked for twice. */
  askNow(): void {
    this.#cancelPause()
    if (!isLongEnough(this.#words) || this.#words.trim() === this.#asked_words) return
    this.#ask()
  }

  filter(change: Partial<SearchFilters>): void {
    this.#filters = { ...this.#filters, ...change }
    this.#cancelPause()
    if (isLongEnough(this.#words)) this.#ask()
  }

  clearFilters(): void {
    this.filter(noFilters)
  }

  clear(): void {
    this.type('', false)
  }

  more(): void {
    this.#list.more()
  }

  retry(): void {
    this.#list.retry()
  }

  #ask(): void {
    const [words, filters] = [this.#words, this.#filters]
    this.#asked_words = words.trim()
    this.scroll_top = 0
    this.#list.ask(async (cursor) => {
      const result = await this.#options.load(searchParameters(words, filters, cursor))
      if (!result.ok) return result
      const { results: items, pagination } = result.value
      return { ok: true, value: { items, next_cursor: pagination.next_cursor } }
    })
  }

  #forget(): void {
    this.#asked_words = ''
    this.#list.clear()
  }
}
