import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  RENDERED_EACH_SIDE_COUNT,
  RowHeights,
  indexInGap,
  rangeAround,
  slotsOf,
} from '../../../web/src/room/row-window.ts'

const rowsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `row ${n}` }))

const measured = (count: number, height_px: number) => {
  const heights = new RowHeights()
  for (const { key } of rowsOf(count)) heights.set(key, height_px)
  return heights
}

const outline = (slots: ReturnType<typeof slotsOf>) =>
  slots.map((slot) => ('height_px' in slot ? slot.height_px : slot.key))

test('[WEB-3] at the end stand the newest rows, and a gap for all others', () => {
  const rows = rowsOf(1_000)
  const heights = measured(1_000, 20)
  const slots = slotsOf(rows, rangeAround(1_000, undefined), { kept: [], heights })
  expect(slots).toHaveLength(RENDERED_EACH_SIDE_COUNT + 1)
  expect(slots[0]).toMatchObject({
    kind: 'gap',
    height_px: 20 * (1_000 - RENDERED_EACH_SIDE_COUNT),
  })
  expect(slots.at(-1)).toBe(rows.at(-1))
})

test('[WEB-3] a row that is kept stays between two gaps', () => {
  const slots = slotsOf(
    rowsOf(10),
    { from: 6, to: 8 },
    {
      kept: ['row 2', 'row 9', 'row 7', 'gone'],
      heights: measured(10, 20),
    },
  )
  expect(outline(slots)).toEqual([40, 'row 2', 60, 'row 6', 'row 7', 20, 'row 9'])
})

test('[WEB-3] whatever is shown, all rows have their place, in order, and the height is the same', () => {
  fc.assert(
    fc.property(
      fc.nat(300),
      fc.option(fc.nat(300), { nil: undefined }),
      fc.array(fc.nat(300), { maxLength: 3 }),
      (count, middle, kept) => {
        const rows = rowsOf(count)
        const heights = measured(count, 20)
        const slots = slotsOf(
          rows,
          rangeAround(count, middle === undefined ? undefined : Math.min(middle, count)),
          { kept: [...new Set(kept)].map((n) => `row ${n}`), heights },
        )
        const places = slots.flatMap((slot) =>
          'height_px' in slot
            ? Array.from({ length: slot.to - slot.from }, (_, n) => `row ${slot.from + n}`)
            : [slot.key],
        )
        expect(places).toEqual(rows.map(({ key }) => key))
        const height_px = slots
          .map((slot) => ('height_px' in slot ? slot.height_px : 20))
          .reduce((sum, px) => sum + px, 0)
        expect(height_px).toBe(20 * count)
        const shown_count = slots.filter((slot) => !('height_px' in slot)).length
        expect(shown_count).toBeLessThanOrEqual(2 * RENDERED_EACH_SIDE_COUNT + kept.length)
      },
    ),
  )
})

test('[WEB-3] what was not measured is taken for the average, and nothing holds after a new width', () => {
  const heights = new RowHeights()
  const first_px = heights.of('row 1')
  heights.set('row 1', 10)
  heights.set('row 2', 30)
  heights.set('row 2', 50)
  expect([heights.of('row 1'), heights.of('row 2'), heights.of('row 3')]).toEqual([10, 50, 30])
  heights.clear()
  expect(heights.of('row 2')).toBe(first_px)
})

test('[WEB-3] the row at a place in a gap is found by the heights', () => {
  const heights = measured(100, 20)
  const found = [0, 50, 400, 100_000].map((offset_px) =>
    indexInGap(rowsOf(100), { from: 10, to: 90 }, { offset_px, heights }),
  )
  expect(found).toEqual([10, 12, 29, 89])
})
