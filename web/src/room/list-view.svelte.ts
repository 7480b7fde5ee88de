/**
 * The part of a list of rows that is in the document and in view: the window of rows slides with
 * the reader, what is read stays where it is, the newest are followed at the bottom. What the rows
 * are and what follows from seeing them is the list's to say.
 */
import { tick } from 'svelte'
import {
  RowHeights,
  WINDOW_STEP_COUNT,
  indexInGap,
  rangeAround,
  slotsOf,
  type Keyed,
} from './row-window.ts'
import { ScrollKeeper } from './scroll-keeper.ts'

export type ListViewOptions<Row extends Keyed> = {
  readonly rows: () => readonly Row[]
  /** Whether the last row is the newest there is. */
  readonly isLive: () => boolean
  /** Something else may be in view than before. */
  readonly onlook: () => void
}

export class ListView<Row extends Keyed> {
  readonly #options: ListViewOptions<Row>
  readonly #heights = new RowHeights()
  #viewport: HTMLElement | undefined
  #keeper: ScrollKeeper | undefined
  #follows = $state(false)
  /** The row the window of rows is around. */
  #middle_key: string | undefined = $state()
  /** A row with the focus stays in the document, and so does what is being written in it. */
  #focused_key: string | undefined = $state()
  /** Raised when all rows may have another height. */
  #layout = $state(0)
  /** Rows are being brought in to go to one of them; what is in view meanwhile means nothing. */
  #is_moving = false

  readonly #middle: number | undefined = $derived.by(() => {
    if (this.#follows) return undefined
    const index = this.#options.rows().findIndex((row) => row.key === this.#middle_key)
    return index === -1 ? undefined : index
  })

  readonly slots = $derived.by(() => {
    void this.#layout
    const rows = this.#options.rows()
    const kept = this.#focused_key === undefined ? [] : [this.#focused_key]
    return slotsOf(rows, rangeAround(rows.length, this.#middle), { kept, heights: this.#heights })
  })

  constructor(options: ListViewOptions<Row>) {
    this.#options = options
  }

  /** Whether the newest are in view and are to stay there. */
  get follows(): boolean {
    return this.#follows
  }

  get isNearTop(): boolean {
    return this.#keeper?.isNearTop === true
  }

  get isNearBottom(): boolean {
    return this.#keeper?.isNearBottom === true
  }

  get lastInView(): HTMLElement | undefined {
    return this.#keeper?.lastInView
  }

  /** Which row is at the top of the view, and how far below its edge it begins. */
  get anchor(): { readonly key: string | undefined; readonly offset_px: number } | undefined {
    const anchor = this.#keeper?.anchor
    return anchor && { key: anchor.row.dataset['key'], offset_px: anchor.offset_px }
  }

  /** For the element that scrolls; its only child holds the list. */
  readonly watch = (viewport: HTMLElement): (() => void) => {
    this.#viewport = viewport
    this.#keeper = new ScrollKeeper(viewport, () => this.#elements('[data-message]'))
    let width_px = viewport.clientWidth
    // Lines wrap anew, pictures come, the keyboard rises: what is read must stay where it is.
    const observer = new ResizeObserver(() => {
      if (viewport.clientWidth !== width_px) {
        this.#heights.clear()
        this.#layout += 1
      }
      width_px = viewport.clientWidth
      this.settle()
    })
    observer.observe(viewport)
    const [content] = viewport.children
    if (content !== undefined) observer.observe(content)
    return () => observer.disconnect()
  }

  readonly onfocusin = ({ target }: FocusEvent): void => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null
    this.#focused_key = row?.dataset['key']
  }

  readonly onfocusout = (): void => {
    this.#focused_key = undefined
  }

  follow(follows: boolean): void {
    this.#follows = follows
    this.#keeper?.follow(follows)
  }

  elementOf(key: string): HTMLElement | undefined {
    return this.#elements('[data-key]').find((element) => element.dataset['key'] === key)
  }

  /** Before rows change. */
  note(): void {
    this.#keeper?.look()
  }

  /** What is in view now, and what follows from it. */
  look(): void {
    if (this.#keeper === undefined || this.#is_moving) return
    this.#keeper.look()
    this.follow(this.#options.isLive() && this.#keeper.isAtBottom)
    if (!this.#follows) this.#slide()
    this.#options.onlook()
  }

  /** After rows, or the room for them, changed. */
  settle(): void {
    for (const element of this.#elements('[data-key]')) {
      const key = element.dataset['key']
      if (key !== undefined) this.#heights.set(key, element.getBoundingClientRect().height)
    }
    if (this.#is_moving || this.#keeper?.settle() !== true) return
    this.look()
  }

  /** Puts a row into the document and into view. */
  async bringIn(
    key: string,
    move: (keeper: ScrollKeeper, row: HTMLElement) => void,
  ): Promise<void> {
    this.follow(false)
    this.#middle_key = key
    this.#is_moving = true
    await tick()
    const row = this.elementOf(key)
    if (row !== undefined && this.#keeper !== undefined) move(this.#keeper, row)
    this.#is_moving = false
    this.settle()
  }

  /** The window of rows follows the reader, in steps. */
  #slide(): void {
    const rows = this.#options.rows()
    const indexOf = (key: string | undefined) => rows.findIndex((row) => row.key === key)
    const { anchor, lastInView } = this
    const index =
      anchor === undefined
        ? this.#indexAmongGaps()
        : (indexOf(anchor.key) + indexOf(lastInView?.dataset['key'])) >> 1
    if (index === undefined || index < 0) return
    if (Math.abs(index - (this.#middle ?? rows.length)) >= WINDOW_STEP_COUNT)
      this.#middle_key = rows[index]?.key
  }

  /** No row is in view: the scroll bar was dragged far. */
  #indexAmongGaps(): number | undefined {
    const top = this.#viewport?.getBoundingClientRect().top ?? 0
    const element = this.#elements('[data-gap]').findLast(
      (gap) => gap.getBoundingClientRect().top <= top,
    )
    const gap = this.slots.find((slot) => slot.key === element?.dataset['gap'])
    if (element === undefined || gap === undefined || !('height_px' in gap)) return undefined
    const offset_px = top - element.getBoundingClientRect().top
    return indexInGap(this.#options.rows(), gap, { offset_px, heights: this.#heights })
  }

  #elements(selector: string): HTMLElement[] {
    const found = this.#viewport?.querySelectorAll<HTMLElement>(`ol > ${selector}`)
    return found === undefined ? [] : [...found]
  }
}
