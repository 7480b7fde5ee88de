/**
 * What the pane beside the messages shows, if it is open. Where there is room for three panes it
 * is open from the start, unless it was closed on this device.
 */
import { createContext } from 'svelte'
import type { KeyValueStore } from '../sync/key-value-store.ts'

export type DetailsView = 'members' | 'pins' | 'search' | 'record'

const closed_key = 'muster.details_closed'

const isAtLeast = (width: string) => window.matchMedia(`(width >= ${width})`).matches

export class Details {
  readonly #store: KeyValueStore
  #view: DetailsView | undefined = $state()

  constructor(store: KeyValueStore) {
    this.#store = store
    if (isAtLeast('80rem') && store.get(closed_key) === undefined) this.#view = 'members'
  }

  get view(): DetailsView | undefined {
    return this.#view
  }

  show(view: DetailsView): void {
    this.#view = view
    this.#remember()
  }

  toggle(view: DetailsView): void {
    this.#view = this.#view === view ? undefined : view
    this.#remember()
  }

  close(): void {
    this.#view = undefined
    this.#remember()
  }

  /** Whether it lies over the messages where it is open. */
  get is_covering(): boolean {
    return !isAtLeast('68rem')
  }

  /** Where the pane lies over the messages, what one goes to would stay hidden. */
  closeIfCovering(): void {
    if (this.is_covering) this.close()
  }

  #remember(): void {
    if (!isAtLeast('80rem')) return
    if (this.#view === undefined) this.#store.set(closed_key, '1')
    else this.#store.remove(closed_key)
  }
}

export const [getDetails, setDetails] = createContext<Details>()
