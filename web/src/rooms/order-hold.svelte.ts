/**
 * Keeps cards where they are while somebody is about to press one: under a mouse that moves, a
 * finger, or the keyboard's focus. A mouse that was left lying on the list holds nothing for long.
 */

/** Longer than one reads a card before pressing it. */
const STILL_MOUSE_MS = 10_000

export class OrderHold {
  readonly #idsNow: () => readonly string[]
  #ids: readonly string[] | undefined = $state.raw()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(idsNow: () => readonly string[]) {
    this.#idsNow = idsNow
  }

  /** The order to keep, if any. */
  get ids(): readonly string[] | undefined {
    return this.#ids
  }

  /** A Svelte attachment for the list. */
  readonly attach = (list: HTMLElement): (() => void) => {
    const listening = new AbortController()
    const on = (type: keyof HTMLElementEventMap, act: (event: Event) => void) =>
      list.addEventListener(type, act, { signal: listening.signal, passive: true })
    const hold = () => this.#hold()
    const release = () => this.#release()
    on('mousemove', () => {
      this.#hold()
      this.#timer = setTimeout(release, STILL_MOUSE_MS)
    })
    on('mouseleave', release)
    on('touchstart', hold)
    on('touchend', release)
    on('touchcancel', release)
    on('focusin', (event) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) hold()
    })
    on('focusout', release)
    return () => {
      listening.abort()
      this.#release()
    }
  }

  #hold(): void {
    clearTimeout(this.#timer)
    this.#ids ??= this.#idsNow()
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#ids = undefined
  }
}
