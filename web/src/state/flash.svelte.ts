/** A few words that confirm what one did, shown for a moment and said to screen readers. */
import { createContext } from 'svelte'

/** Long enough to read; it asks for nothing, so nobody has to hurry. */
export const FLASH_SHOWN_MS = 3_000

export class Flash {
  #text: string | undefined = $state()
  #timer: ReturnType<typeof setTimeout> | undefined

  get text(): string | undefined {
    return this.#text
  }

  tell(text: string): void {
    clearTimeout(this.#timer)
    this.#text = text
    this.#timer = setTimeout(() => (this.#text = undefined), FLASH_SHOWN_MS)
  }
}

export const [getFlash, setFlash] = createContext<Flash>()
