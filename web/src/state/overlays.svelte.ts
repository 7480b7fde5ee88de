/** Which of the page's own dialogs is open, if any; any control may open one. */
import { createContext } from 'svelte'

/** `report` is about the open room. */
export type Overlay = 'settings' | 'switcher' | 'keys' | 'report' | 'new_room'

export class Overlays {
  #open: Overlay | undefined = $state()

  get current(): Overlay | undefined {
    return this.#open
  }

  open(overlay: Overlay): void {
    this.#open = overlay
  }

  close(): void {
    this.#open = undefined
  }
}

export const [getOverlays, setOverlays] = createContext<Overlays>()
