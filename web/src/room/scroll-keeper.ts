/**
 * Keeps what is being read where it is while rows come and go around it, and the newest in view
 * for as long as the reader is at the bottom (WEB-3). Browsers' own anchoring is switched off in
 * the stylesheet: Safari has none, and two would fight.
 */

/** This near to the end counts as being there. */
export const AT_BOTTOM_WITHIN_PX = 40

/** This near to an end of what is loaded, the page beyond is asked for. */
export const NEAR_END_WITHIN_PX = 1_600

/** A message gone to from above stands this far below the top, so that one sees what came before. */
const FROM_TOP_SHARE = 0.15

type Anchor = {
  readonly row: HTMLElement
  /** From the top of the view to where the row begins. */
  readonly offset_px: number
  /**
   * And to where it ends: this is kept, because the row itself may change when others come above
   * it, such as its name going to the first of its group.
   */
  readonly end_px: number
}

export class ScrollKeeper {
  readonly #viewport: HTMLElement
  readonly #rows: () => readonly HTMLElement[]
  #follows = false
  /** Where the reader was when last at the bottom. */
  #bottom_px = 0
  #anchor: Anchor | undefined
  /** Where the view was when the anchor was noted. */
  #noted_px = 0

  /** @param rows those in the document, top to bottom, without the gaps between them */
  constructor(viewport: HTMLElement, rows: () => readonly HTMLElement[]) {
    this.#viewport = viewport
    this.#rows = rows
  }

  /**
   * Whether the reader is at the bottom, or would be if it had not just moved: a keyboard that
   * comes up shrinks the view before anything can be done about it.
   */
  get isAtBottom(): boolean {
    return this.#isBottomInView || (this.#follows && !this.#hasScrolledUp)
  }

  get isNearTop(): boolean {
    return this.#viewport.scrollTop < NEAR_END_WITHIN_PX
  }

  get isNearBottom(): boolean {
    return this.#below_px < NEAR_END_WITHIN_PX
  }

  /** The first row in view and how far its top is from the top of the view. */
  get anchor(): Anchor | undefined {
    return this.#anchor
  }

  /** The last row of which something is in view. */
  get lastInView(): HTMLElement | undefined {
    const bottom = this.#viewport.getBoundingClientRect().bottom
    const rows = this.#rows()
    return rows[firstIndex(rows, (row) => row.getBoundingClientRect().top >= bottom) - 1]
  }

  /** Whether the newest are to stay in view. */
  follow(follows: boolean): void {
    if (follows && !this.#follows) this.#bottom_px = 0
    this.#follows = follows
  }

  /** Notes what is in view: after the reader scrolled, and before rows change. */
  look(): void {
    if (this.#isBottomInView) this.#bottom_px = this.#viewport.scrollTop
    this.#noted_px = this.#viewport.scrollTop
    const { top, bottom } = this.#viewport.getBoundingClientRect()
    const rows = this.#rows()
    const row = rows[firstIndex(rows, (each) => each.getBoundingClientRect().bottom > top)]
    const offset_px = (row?.getBoundingClientRect().top ?? bottom) - top
    if (row === undefined || offset_px >= bottom - top) this.#anchor = undefined
    else this.#anchor = { row, offset_px, end_px: offset_px + row.getBoundingClientRect().height }
  }

  /**
   * After rows, or the room for them, changed. False when what was in view is gone altogether:
   * somebody goes elsewhere, and will say where.
   */
  settle(): boolean {
    if (this.#follows && !this.#hasScrolledUp) {
      this.#viewport.scrollTop = this.#viewport.scrollHeight
      this.#bottom_px = this.#viewport.scrollTop
      return true
    }
    if (this.#anchor === undefined) return true
    if (!this.#anchor.row.isConnected) return false
    const { row, end_px } = this.#anchor
    this.moveTo(row, end_px - this.#scrolled_px - row.getBoundingClientRect().height)
    return true
  }

  /** Brings a row to this distance from the top of the view. */
  moveTo(row: HTMLElement, offset_px: number): void {
    this.#anchor = { row, offset_px, end_px: offset_px + row.getBoundingClientRect().height }
    const { top } = this.#viewport.getBoundingClientRect()
    const moved_px = row.getBoundingClientRect().top - top - offset_px
    if (moved_px !== 0) this.#viewport.scrollTop += moved_px
    this.#noted_px = this.#viewport.scrollTop
  }

  /** Near the top: what follows is to be read. */
  moveToTop(row: HTMLElement): void {
    this.moveTo(row, this.#viewport.clientHeight * FROM_TOP_SHARE)
  }

  moveToCenter(row: HTMLElement): void {
    const room_px = this.#viewport.clientHeight - row.getBoundingClientRect().height
    this.moveTo(row, Math.max(0, room_px / 2))
  }

  /**
   * How far the reader scrolled since, before the event that says so. Up to the very end it may
   * be the browser that moved the view, because there is less to show.
   */
  get #scrolled_px(): number {
    const scrolled_px = this.#viewport.scrollTop - this.#noted_px
    return scrolled_px < 0 && this.#below_px <= 1 ? 0 : scrolled_px
  }

  /** The reader has left the bottom, and the event that says so is still on its way. */
  get #hasScrolledUp(): boolean {
    return !this.#isBottomInView && this.#viewport.scrollTop < this.#bottom_px - 1
  }

  get #isBottomInView(): boolean {
    return this.#below_px < AT_BOTTOM_WITHIN_PX
  }

  get #below_px(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#viewport
    return scrollHeight - scrollTop - clientHeight
  }
}

/** Of rows sorted by place; their number when there is none. */
const firstIndex = (
  rows: readonly HTMLElement[],
  matches: (row: HTMLElement) => boolean,
): number => {
  let from = 0
  let to = rows.length
  while (from < to) {
    const middle = (from + to) >> 1
    const row = rows[middle]
    if (row !== undefined && matches(row)) to = middle
    else from = middle + 1
  }
  return from
}
