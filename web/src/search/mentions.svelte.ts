/** The messages that mention this person, as far as they were read; kept while one looks at one. */
import type { Mention } from '../../../src/protocol/search.ts'
import type { Api } from '../sync/api.ts'
import { emptyList, PagedList, type PagedState } from '../sync/paged-list.ts'

export class Mentions {
  readonly #api: Pick<Api, 'mentions'>
  readonly #list: PagedList<Mention>
  #found: PagedState<Mention> = $state.raw(emptyList)
  scroll_top = 0

  constructor(api: Pick<Api, 'mentions'>) {
    this.#api = api
    this.#list = new PagedList((found) => {
      this.#found = found
    })
  }

  get found(): PagedState<Mention> {
    return this.#found
  }

  /** Who comes back to the middle of the list finds that; at its top there may be new ones. */
  open(): void {
    if (this.#found.items === undefined || this.scroll_top === 0) this.refresh()
  }

  refresh(): void {
    this.scroll_top = 0
    this.#list.ask(async (cursor) => {
      const parameters = new URLSearchParams(cursor === undefined ? {} : { cursor })
      const result = await this.#api.mentions(parameters)
      if (!result.ok) return result
      const { messages, pagination } = result.value
      // One that is read between two pages may come twice.
      const held = cursor === undefined ? [] : (this.#found.items ?? [])
      const held_ids = new Set(held.map(({ message_id }) => message_id))
      const items = messages.filter(({ message_id }) => !held_ids.has(message_id))
      return { ok: true, value: { items, next_cursor: pagination.next_cursor } }
    })
  }

  more(): void {
    this.#list.more()
  }

  retry(): void {
    this.#list.retry()
  }
}
