/** What was begun and not sent, per person and room; survives a reload, and is one in all tabs. */
import { createContext } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import { emptyDraft, isEmptyDraft, parseDraft, type Draft } from '../sync/draft.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'

export class Drafts {
  readonly #store: KeyValueStore
  readonly #prefix: string
  readonly #drafts: SvelteMap<string, Draft>

  constructor(store: KeyValueStore, user_id: string) {
    this.#store = store
    this.#prefix = `muster.draft.${user_id}.`
    this.#drafts = new SvelteMap(
      store
        .keys(this.#prefix)
        .map((key) => [key.slice(this.#prefix.length), parseDraft(store.get(key))] as const),
    )
  }

  get(room_id: string): Draft {
    return this.#drafts.get(room_id) ?? emptyDraft
  }

  /** The text alone. */
  of(room_id: string): string {
    return this.get(room_id).text
  }

  change(room_id: string, changes: Partial<Draft>): void {
    const draft = { ...this.get(room_id), ...changes }
    if (isEmptyDraft(draft)) {
      this.#drafts.delete(room_id)
      this.#store.remove(this.#prefix + room_id)
    } else {
      this.#drafts.set(room_id, draft)
      this.#store.set(this.#prefix + room_id, JSON.stringify(draft))
    }
  }

  /**
   * Takes over what other tabs write, until the result is called. A person types in one tab at a
   * time, so the last to write is right, and no tab puts an old text over a newer one.
   */
  followOtherTabs(): () => void {
    const onstorage = ({ key, newValue }: StorageEvent) => {
      if (key?.startsWith(this.#prefix) !== true) return
      const room_id = key.slice(this.#prefix.length)
      if (newValue === null) this.#drafts.delete(room_id)
      else this.#drafts.set(room_id, parseDraft(newValue))
    }
    window.addEventListener('storage', onstorage)
    return () => window.removeEventListener('storage', onstorage)
  }
}

export const [getDrafts, setDrafts] = createContext<Drafts>()
