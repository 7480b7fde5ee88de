/**
 * Which rows of a long room are in the document (P10): those around the reader, and the few that
 * must not leave it, such as the one with the focus. In place of the others stand gaps of their
 * height, so the scroll bar tells the truth. Pure, but for the heights that were measured.
 */

/** Rows on each side of the reader: a few screens, so that a fling does not outrun them. */
export const RENDERED_EACH_SIDE_COUNT = 50

/** The window slides in steps of this many rows: few to make at once, seldom enough. */
export const WINDOW_STEP_COUNT = 5

/** A line of a group; soon replaced by what rows really measure. */
const FIRST_ESTIMATE_PX = 30

export type Keyed = { readonly key: string }

export type Range = { readonly from: number; readonly to: number }

type Gap = { readonly kind: 'gap'; readonly key: string; readonly height_px: number } & Range

type Slot<Row extends Keyed> = Row | Gap

/** What rows measured when they were last in the document. */
export class RowHeights {
  readonly #measured = new Map<string, number>()
  #total_px = 0

  set(key: string, height_px: number): void {
    this.#total_px += height_px - (this.#measured.get(key) ?? 0)
    this.#measured.set(key, height_px)
  }

  /** An estimate where there is no measurement. */
  of(key: string): number {
    return this.#measured.get(key) ?? this.#average_px
  }

  /** Lines wrap anew: nothing that was measured holds. */
  clear(): void {
    this.#measured.clear()
    this.#total_px = 0
  }

  get #average_px(): number {
    return this.#measured.size === 0 ? FIRST_ESTIMATE_PX : this.#total_px / this.#measured.size
  }
}

/** Around one row, or at the end where there is none to be around. */
export const rangeAround = (count: number, middle: number | undefined): Range => {
  const center = middle ?? count
  return {
    from: Math.max(0, Math.min(center, count) - RENDERED_EACH_SIDE_COUNT),
    to: Math.min(count, center + RENDERED_EACH_SIDE_COUNT),
  }
}

/** @param kept keys of rows that stay in the document wherever they are */
export const slotsOf = <Row extends Keyed>(
  rows: readonly Row[],
  range: Range,
  { kept, heights }: { readonly kept: readonly string[]; readonly heights: RowHeights },
): readonly Slot<Row>[] => {
  const outside = kept
    .map((key) => rows.findIndex((row) => row.key === key))
    .filter((index) => index >= 0 && (index < range.from || index >= range.to))
    .toSorted((a, b) => a - b)
  const slots: Slot<Row>[] = []
  let at = 0
  const skipTo = (to: number) => {
    if (to > at) slots.push(gapOf(rows, { from: at, to }, heights))
    at = to
  }
  const show = (from: number, to: number) => {
    skipTo(from)
    slots.push(...rows.slice(from, to))
    at = to
  }
  for (const index of outside.filter((candidate) => candidate < range.from)) show(index, index + 1)
  show(range.from, range.to)
  for (const index of outside.filter((candidate) => candidate >= range.to)) show(index, index + 1)
  skipTo(rows.length)
  return slots
}

/** The row that lies so far into a gap. */
export const indexInGap = (
  rows: readonly Keyed[],
  gap: Range,
  { offset_px, heights }: { readonly offset_px: number; readonly heights: RowHeights },
): number => {
  let rest_px = offset_px
  for (let index = gap.from; index < gap.to; index += 1) {
    rest_px -= heights.of(rows[index]?.key ?? '')
    if (rest_px <= 0) return index
  }
  return gap.to - 1
}

/** Named by the row it ends before, which stays while rows come in above. */
const gapOf = (rows: readonly Keyed[], { from, to }: Range, heights: RowHeights): Gap => {
  let height_px = 0
  for (let index = from; index < to; index += 1) height_px += heights.of(rows[index]?.key ?? '')
  return { kind: 'gap', key: `gap:${rows[to]?.key ?? 'end'}`, height_px, from, to }
}
