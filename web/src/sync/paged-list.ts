/**
 * A list that comes page by page and is asked for anew while earlier answers are still on their
 * way: only the answer to the latest question is shown, whatever the order they arrive in.
 */
import type { Failure, Result } from './api.ts'

/** Pages without a single item that are passed over; then the reader decides whether to go on. */
export const EMPTY_PAGES_MAX_COUNT = 3

export type ListPage<Item> = {
  readonly items: readonly Item[]
  /** Null at the end. */
  readonly next_cursor: string | null
}

export type LoadPage<Item> = (cursor: string | undefined) => Promise<Result<ListPage<Item>>>

export type ListWork =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'loading_more' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly is_more: boolean }

export type PagedState<Item> = {
  /** Undefined until the first answer; while a new question is on its way, the old answer. */
  readonly items: readonly Item[] | undefined
  readonly has_more: boolean
  readonly work: ListWork
}

export const emptyList = { items: undefined, has_more: false, work: { kind: 'idle' } } as const

export class PagedList<Item> {
  readonly #onState: (state: PagedState<Item>) => void
  #state: PagedState<Item> = emptyList
  #load: LoadPage<Item> | undefined
  #next_cursor: string | null = null
  /** Raised with every question; an answer to an earlier one comes too late. */
  #generation = 0

  constructor(onState: (state: PagedState<Item>) => void) {
    this.#onState = onState
  }

  get state(): PagedState<Item> {
    return this.#state
  }

  /** The first page of another list. */
  ask(load: LoadPage<Item>): void {
    this.#load = load
    this.#next_cursor = null
    void this.#read('loading')
  }

  /** The page after the last; nothing while one is on its way. */
  more(): void {
    const { work, has_more } = this.#state
    const is_free = work.kind === 'idle' || work.kind === 'failed'
    if (is_free && has_more) void this.#read('loading_more')
  }

  /** What failed last. */
  retry(): void {
    const { work } = this.#state
    if (work.kind === 'failed') void this.#read(work.is_more ? 'loading_more' : 'loading')
  }

  /** What became known of the list since; the question stays the same. */
  show(items: readonly Item[], next_cursor: string | null = this.#next_cursor): void {
    this.#next_cursor = next_cursor
    this.#set({ ...this.#state, items, has_more: next_cursor !== null })
  }

  clear(): void {
    this.#generation += 1
    this.#load = undefined
    this.#set(emptyList)
  }

  async #read(kind: 'loading' | 'loading_more'): Promise<void> {
    const load = this.#load
    if (load === undefined) return
    const generation = (this.#generation += 1)
    const is_more = kind === 'loading_more'
    this.#set({ ...this.#state, work: { kind } })
    let cursor = is_more ? (this.#next_cursor ?? undefined) : undefined
    for (let pages = 1; ; pages += 1) {
      const result = await load(cursor)
      if (generation !== this.#generation) return
      if (!result.ok) return this.#fail(result.failure, is_more)
      const { items, next_cursor } = result.value
      cursor = next_cursor ?? undefined
      if (items.length === 0 && cursor !== undefined && pages < EMPTY_PAGES_MAX_COUNT) continue
      this.#next_cursor = next_cursor
      const before = is_more ? (this.#state.items ?? []) : []
      return this.#set({
        items: [...before, ...items],
        has_more: next_cursor !== null,
        work: { kind: 'idle' },
      })
    }
  }

  /** A first page that failed leaves nothing of the answer before it, which it is not. */
  #fail(failure: Failure, is_more: boolean): void {
    const { items, has_more } = this.#state
    const work = { kind: 'failed', failure, is_more } as const
    this.#set(is_more ? { items, has_more, work } : { items: undefined, has_more: false, work })
  }

  #set(state: PagedState<Item>): void {
    this.#state = state
    this.#onState(state)
  }
}
