/** Other limits while callers are inside and while they wait (OPS-4). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Gate, type GateOptions, type Urgency } from '../../../src/database/gate.ts'
import { chanceOf } from '../../support/chance.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const defaults: GateOptions = { max: 1, reserved: 0, waiting_max: 10, timeout_ms: 1_000 }

const gateOf = (overrides: Partial<GateOptions> = {}) => {
  const gate = new Gate({ ...defaults, ...overrides })
  /** Who was let in, in that order. */
  const order: string[] = []
  const enter = (name: string, urgency: Urgency = 'urgent') =>
    void gate
      .enter(urgency)
      .then(({ kind }) => order.push(kind === 'entered' ? name : `${name} ${kind}`))
  const change = (changes: Partial<GateOptions>) => gate.change({ ...defaults, ...changes })
  return { gate, order, enter, change }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

test('[OPS-4] more room lets in at once those who wait, in their order', async () => {
  const { gate, order, enter, change } = gateOf()
  for (const name of ['one', 'two', 'three', 'four']) enter(name)
  await settled()
  expect(order).toEqual(['one'])
  change({ max: 3 })
  await settled()
  expect(order).toEqual(['one', 'two', 'three'])
  expect(gate.waiting).toBe(1)
})

test('[OPS-4] less room sends nobody out, and lets nobody in before there is room', async () => {
  const { gate, order, enter, change } = gateOf({ max: 3 })
  for (const name of ['one', 'two', 'three', 'four']) enter(name)
  change({ max: 1 })
  gate.leave('urgent')
  gate.leave('urgent')
  await settled()
  expect(order).toEqual(['one', 'two', 'three'])
  gate.leave('urgent')
  await settled()
  expect(order).toEqual(['one', 'two', 'three', 'four'])
})

test('[OPS-4] a shorter queue turns away only those who come later', async () => {
  const { gate, order, enter, change } = gateOf()
  for (const name of ['in', 'one', 'two', 'three']) enter(name)
  change({ waiting_max: 1 })
  enter('late')
  await settled()
  expect(order).toEqual(['in', 'late rejected'])
  for (let left = 0; left < 3; left += 1) gate.leave('urgent')
  await settled()
  expect(order.slice(2)).toEqual(['one', 'two', 'three'])
})

test('[OPS-4] a longer patience holds for those who wait; a shorter one for those who come', async () => {
  const { order, enter, change } = gateOf()
  enter('in')
  enter('first')
  await vi.advanceTimersByTimeAsync(900)
  change({ timeout_ms: 5_000 })
  await vi.advanceTimersByTimeAsync(4_000)
  expect(order).toEqual(['in'])
  await vi.advanceTimersByTimeAsync(100)
  expect(order).toEqual(['in', 'first timed_out'])
  enter('second')
  change({ timeout_ms: 100 })
  enter('third')
  await vi.advanceTimersByTimeAsync(100)
  expect(order.slice(2)).toEqual(['third timed_out'])
  await vi.advanceTimersByTimeAsync(4_900)
  expect(order.slice(3)).toEqual(['second timed_out'])
})

test('[OPS-4] [LIM-3] while it opens slowly after an outage, more room changes nothing yet', async () => {
  const { gate, order, enter, change } = gateOf({ max: 2 })
  gate.openSlowly()
  for (let count = 0; count < 9; count += 1) enter('c')
  change({ max: 4 })
  await settled()
  expect(order).toHaveLength(1)
  gate.hasAnswered()
  await settled()
  expect(order).toHaveLength(2)
  gate.hasAnswered()
  await settled()
  expect(order).toHaveLength(4)
  expect(gate.isOpening).toBe(false)
})

test('[OPS-4] at random: nobody enters while it is full, nobody is lost, nobody overtakes', async () => {
  const chance = chanceOf('the gate under changes')
  for (let run = 0; run < 50; run += 1) {
    const { gate, order, enter, change } = gateOf({ max: 4, waiting_max: 1_000 })
    let [max, asked, left] = [4, 0, 0]
    for (let step = 0; step < 200; step += 1) {
      const before = order.length
      const inside = before - left
      const kind = chance.below(3)
      if (kind === 0) enter(`${asked++}`)
      else if (kind === 1 && inside > 0) {
        left += 1
        gate.leave('urgent')
      } else if (kind === 2) {
        max = 1 + chance.below(8)
        change({ max, waiting_max: 1_000 })
      }
      await settled()
      if (order.length > before) expect(order.length - left).toBeLessThanOrEqual(max)
      else if (gate.waiting > 0) expect(order.length - left).toBeGreaterThanOrEqual(max)
    }
    change({ max: 1_000, waiting_max: 1_000 })
    await settled()
    expect(order).toEqual(Array.from({ length: asked }, (_, number) => `${number}`))
  }
})
