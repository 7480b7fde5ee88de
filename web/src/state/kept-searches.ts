/** Searches outlive the views that show them, so that who comes back finds them as they were. */
import { createContext } from 'svelte'
import type { Mentions } from '../search/mentions.svelte.ts'
import type { MessageSearch } from '../search/message-search.svelte.ts'

export class KeptSearches {
  readonly #by_scope = new Map<string, MessageSearch>()
  #mentions: Mentions | undefined

  /** @param scope a room's id, or `everywhere` */
  of(scope: string, make: () => MessageSearch): MessageSearch {
    const kept = this.#by_scope.get(scope) ?? make()
    this.#by_scope.set(scope, kept)
    return kept
  }

  mentions(make: () => Mentions): Mentions {
    return (this.#mentions ??= make())
  }
}

export const [getKeptSearches, setKeptSearches] = createContext<KeptSearches>()
