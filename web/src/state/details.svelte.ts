/** What the pane beside the messages shows, if it is open. */
import { createContext } from 'svelte'

export type DetailsView = 'members' | 'pins' | 'search' | 'record'

export class Details {
  #view: DetailsView | undefined = $state()

  get view(): DetailsView | undefined {
    return this.#view
  }

  show(view: DetailsView): void {
    this.#view = view
  }

  toggle(view: DetailsView): void {
    this.#view = this.#view === view ? undefined : view
  }

  close(): void {
    this.#view = undefined
  }

  /** Whether it lies over the messages where it is open. */
  get is_covering(): boolean {
    return !window.matchMedia('(width >= 68rem)').matches
  }

  /** Where the pane lies over the messages, what one goes to would stay hidden. */
  closeIfCovering(): void {
    if (this.is_covering) this.close()
  }
}

export const [getDetails, setDetails] = createContext<Details>()
