/** What was begun and not sent, per person and room; survives a reload. */
import { createContext } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { KeyValueStore } from '../sync/key-value-store.ts'

export class Drafts {
  readonly #store: KeyValueStore
  readonly #prefix: string
  readonly #texts: SvelteMap<string, string>

  constructor(store: KeyValueStore, user_id: string) {
    this.#store = store
    this.#prefix = `muster.draft.${user_id}.`
    this.#texts = new SvelteMap(
      store
        .keys(this.#prefix)
        .map((key) => [key.slice(this.#prefix.length), store.get(key) ?? ''] as const),
    )
  }

  of(room_id: string): string {
    return this.#texts.get(room_id) ?? ''
  }

  set(room_id: string, text: string): void {
    if (text === '') {
      this.#texts.delete(room_id)
      this.#store.remove(this.#prefix + room_id)
    } else {
      this.#texts.set(room_id, text)
      this.#store.set(this.#prefix + room_id, text)
    }
  }
}

export const [getDrafts, setDrafts] = createContext<Drafts>()
