import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Gate, type Entrance, type GateOptions, type Urgency } from '../../../src/database/gate.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const gateOf = (overrides: Partial<GateOptions> = {}) => {
  const gate = new Gate({ max: 4, reserved: 1, waiting_max: 10, timeout_ms: 1_000, ...overrides })
  /** Who was let in, in that order. */
  const order: string[] = []
  const enter = (name: string, urgency: Urgency): Promise<Entrance> => {
    const entering = gate.enter(urgency)
    void entering.then(({ kind }) => order.push(kind === 'entered' ? name : `${name} ${kind}`))
    return entering
  }
  return { gate, order, enter }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

describe('two classes', () => {
  test('[LIM-2] a commit never waits for searches that hold all they may', async () => {
    const { order, enter } = gateOf()
    for (const name of ['s1', 's2', 's3', 's4', 's5']) void enter(name, 'patient')
    void enter('commit', 'urgent')
    await settled()
    expect(order).toEqual(['s1', 's2', 's3', 'commit'])
  })

  test('[LIM-2] where all are busy, commits that came later go first', async () => {
    const { gate, order, enter } = gateOf({ max: 1, reserved: 0 })
    void enter('first', 'urgent')
    void enter('search', 'patient')
    void enter('commit', 'urgent')
    gate.leave('urgent')
    await settled()
    expect(order).toEqual(['first', 'commit'])
    gate.leave('urgent')
    await settled()
    expect(order).toEqual(['first', 'commit', 'search'])
  })

  test('[LIM-2] no starvation: of commits without an end every fifth lets a search pass', async () => {
    const { gate, order, enter } = gateOf({ max: 1, reserved: 0, waiting_max: 100 })
    void enter('c', 'urgent')
    for (let count = 0; count < 3; count += 1) void enter('search', 'patient')
    for (let count = 0; count < 30; count += 1) {
      void enter('c', 'urgent')
      gate.leave(order.at(-1) === 'search' ? 'patient' : 'urgent')
      await settled()
    }
    expect(order.slice(0, 16).join(' ')).toBe('c c c c c search c c c c search c c c c search')
  })

  test('[LIM-4] each queue is bounded, and one that is full does not fill the other', async () => {
    const { gate, order, enter } = gateOf({ max: 1, reserved: 0, waiting_max: 2 })
    void enter('in', 'urgent')
    for (const name of ['s1', 's2', 's3']) void enter(name, 'patient')
    for (const name of ['c1', 'c2', 'c3']) void enter(name, 'urgent')
    await settled()
    expect(order).toEqual(['in', 's3 rejected', 'c3 rejected'])
    expect(gate.waiting).toBe(4)
  })

  test('[DB-2] who waits too long is told, and is not let in later', async () => {
    const { gate, order, enter } = gateOf({ max: 1, reserved: 0 })
    void enter('in', 'urgent')
    void enter('late', 'urgent')
    await vi.advanceTimersByTimeAsync(999)
    expect(gate.oldestMs(Date.now())).toBe(999)
    await vi.advanceTimersByTimeAsync(1)
    gate.leave('urgent')
    void enter('next', 'urgent')
    await settled()
    expect(order).toEqual(['in', 'late timed_out', 'next'])
  })
})

describe('an outage', () => {
  test('[LIM-3] who waits is turned away at once', async () => {
    const { gate, order, enter } = gateOf({ max: 1, reserved: 0 })
    void enter('in', 'urgent')
    void enter('one', 'urgent')
    void enter('two', 'patient')
    gate.turnAway()
    await settled()
    expect(order).toEqual(['in', 'one turned_away', 'two turned_away'])
    expect(gate.waiting).toBe(0)
  })

  test('[DB-4] [LIM-3] afterwards one at a time, and with each answer twice as many', async () => {
    const { gate, order, enter } = gateOf({ max: 8, reserved: 0, waiting_max: 100 })
    gate.openSlowly()
    for (let count = 0; count < 20; count += 1) void enter('c', 'urgent')
    await settled()
    const inside = [order.length]
    for (let answers = 0; answers < 4; answers += 1) {
      gate.hasAnswered()
      gate.leave('urgent')
      await settled()
      inside.push(order.length - (answers + 1))
    }
    expect(inside).toEqual([1, 2, 4, 8, 8])
    expect(gate.isOpening).toBe(false)
  })
})
