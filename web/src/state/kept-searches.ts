/** Searches outlive the views that show them, so that who comes back finds them as they were. */
import { createContext } from 'svelte'
import type { MessageSearch } from '../search/message-search.svelte.ts'

export class KeptSearches {
  readonly #by_scope = new Map<string, MessageSearch>()

  /** @param scope a room's id, or `everywhere` */
  of(scope: string, make: () => MessageSearch): MessageSearch {
    const kept = this.#by_scope.get(scope) ?? make()
    this.#by_scope.set(scope, kept)
    return kept
  }
}

export const [getKeptSearches, setKeptSearches] = createContext<KeptSearches>()
