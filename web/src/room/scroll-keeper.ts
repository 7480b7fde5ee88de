/**
 * Keeps what is being read where it is while rows come and go around it, and the newest in view
 * for as long as the reader is at the bottom (WEB-3). Browsers' own anchoring is switched off in
 * the stylesheet: Safari has none, and two would fight.
 */

/** This near to the end counts as being there. */
export const AT_BOTTOM_WITHIN_PX = 40

/** This near to the top, the page above is asked for. */
export const NEAR_TOP_WITHIN_PX = 800

type Anchor = { readonly row: Element; readonly offset_px: number }

export class ScrollKeeper {
  readonly #viewport: HTMLElement
  #follows = true
  #anchor: Anchor | undefined

  constructor(viewport: HTMLElement) {
    this.#viewport = viewport
  }

  /** Whether the newest are to stay in view. */
  get follows(): boolean {
    return this.#follows
  }

  get isNearTop(): boolean {
    return this.#viewport.scrollTop < NEAR_TOP_WITHIN_PX
  }

  onScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#viewport
    this.#follows = scrollHeight - scrollTop - clientHeight < AT_BOTTOM_WITHIN_PX
  }

  toBottom(): void {
    this.#follows = true
    this.#viewport.scrollTop = this.#viewport.scrollHeight
  }

  /** Before rows change: remembers the first row in view. */
  beforeChange(rows: Iterable<Element>): void {
    this.#anchor = undefined
    if (this.#follows) return
    const top = this.#viewport.getBoundingClientRect().top
    for (const row of rows) {
      const box = row.getBoundingClientRect()
      if (box.bottom <= top) continue
      this.#anchor = { row, offset_px: box.top - top }
      return
    }
  }

  /** After rows, or the room for them, changed. */
  afterChange(): void {
    if (this.#follows) return this.toBottom()
    if (this.#anchor === undefined || !this.#anchor.row.isConnected) return
    const top = this.#viewport.getBoundingClientRect().top
    const moved_px = this.#anchor.row.getBoundingClientRect().top - top - this.#anchor.offset_px
    if (moved_px !== 0) this.#viewport.scrollTop += moved_px
  }
}
