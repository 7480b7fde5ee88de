import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Circuit, type StoredCircuit } from '../../../src/durable/circuit.ts'
import {
  DatabaseCircuit,
  databaseCircuitLimits,
  type Verdict,
} from '../../../src/durable/database-circuit.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
})
afterEach(() => {
  vi.useRealTimers()
})

const circuitOf = (stored?: StoredCircuit) => {
  const world = {
    isBack: false,
    trials: 0,
    opened: 0,
    trialTakes_ms: 10,
    stored,
  }
  const circuit = new DatabaseCircuit({
    circuit: new Circuit({
      service: 'database-0',
      limits: databaseCircuitLimits,
      stored,
      // As storage does.
      onChange: (kept) => {
        world.stored = structuredClone(kept)
      },
    }),
    trial: async () => {
      world.trials += 1
      await new Promise((resolve) => setTimeout(resolve, world.trialTakes_ms))
      return world.isBack
    },
    opened: () => {
      world.opened += 1
    },
  })
  /** One after the other, as a caller who tries again. */
  const fails = async (count: number, verdict: Verdict = 'unreachable') => {
    for (let time = 0; time < count; time += 1) {
      const started_at = Date.now()
      await vi.advanceTimersByTimeAsync(5)
      await circuit.report(verdict, started_at)
      await vi.advanceTimersByTimeAsync(5)
    }
  }
  const opened = async () => {
    await fails(4)
    expect(circuit.figures().state).toBe('open')
  }
  return { circuit, world, fails, opened }
}

describe('it opens', () => {
  test('[LIM-3] after four failures in a row to reach it', async () => {
    const { circuit, fails } = circuitOf()
    await fails(3)
    expect(await circuit.admits()).toBe(true)
    await fails(1)
    expect(await circuit.admits()).toBe(false)
    expect(circuit.figures()).toMatchObject({
      ...{ service: 'database-0', state: 'open', failed: 4, sent: 4 },
      since: '2026-01-01T00:00:00.035Z',
      next_trial_at: '2026-01-01T00:00:01.035Z',
    })
  })

  test('[LIM-3] not where an answer came in between', async () => {
    const { circuit, fails } = circuitOf()
    await fails(3)
    await fails(1, 'answered')
    await fails(3)
    expect(await circuit.admits()).toBe(true)
  })

  test('[LIM-3] not for many that break at the same moment', async () => {
    const { circuit } = circuitOf()
    const started_at = Date.now()
    await vi.advanceTimersByTimeAsync(50)
    for (let count = 0; count < 25; count += 1) await circuit.report('unreachable', started_at)
    expect(await circuit.admits()).toBe(true)
  })

  test('[LIM-3] at once where it said nothing for seconds', async () => {
    const { circuit, fails } = circuitOf()
    await fails(1, 'silent')
    expect(await circuit.admits()).toBe(false)
  })
})

describe('while it is open', () => {
  test('[LIM-3] one ping after a second, however many ask; they wait for its answer', async () => {
    const { circuit, world, opened } = circuitOf()
    await opened()
    await vi.advanceTimersByTimeAsync(900)
    expect(await circuit.admits()).toBe(false)
    expect(world.trials).toBe(0)
    await vi.advanceTimersByTimeAsync(100)
    world.isBack = true
    const asked = Promise.all([circuit.admits(), circuit.admits(), circuit.admits()])
    expect(circuit.figures().state).toBe('half_open')
    await vi.advanceTimersByTimeAsync(10)
    expect(await asked).toEqual([true, true, true])
    expect(world.trials).toBe(1)
    expect(circuit.figures()).toMatchObject({ state: 'closed', next_trial_at: null })
    expect(world.opened).toBe(1)
  })

  test('[LIM-3] a ping without an answer: another second, never longer', async () => {
    const { circuit, world, opened } = circuitOf()
    await opened()
    for (let time = 1; time <= 5; time += 1) {
      await vi.advanceTimersByTimeAsync(1_000)
      const asked = circuit.admits()
      await vi.advanceTimersByTimeAsync(10)
      expect(await asked).toBe(false)
      expect(world.trials).toBe(time)
    }
    world.isBack = true
    await vi.advanceTimersByTimeAsync(1_000)
    const asked = circuit.admits()
    await vi.advanceTimersByTimeAsync(10)
    expect(await asked).toBe(true)
  })

  test('[LIM-3] a database that is slow to answer the ping keeps nobody waiting', async () => {
    const { circuit, world, opened } = circuitOf()
    await opened()
    await vi.advanceTimersByTimeAsync(1_000)
    Object.assign(world, { isBack: true, trialTakes_ms: 3_000 })
    const asked = circuit.admits()
    await vi.advanceTimersByTimeAsync(500)
    expect(await asked).toBe(false)
    expect(circuit.figures().state).toBe('half_open')
    await vi.advanceTimersByTimeAsync(2_500)
    expect(await circuit.admits()).toBe(true)
    expect(world.trials).toBe(1)
  })

  test('[LIM-3] nobody asks: nothing is tried', async () => {
    const { world, opened } = circuitOf()
    await opened()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(world.trials).toBe(0)
  })

  test('[LIM-3] what was on its way before says nothing about now', async () => {
    const { circuit, opened } = circuitOf()
    await opened()
    await circuit.report('answered', 0)
    await circuit.report('unreachable', Date.now() + 1)
    expect(circuit.figures().state).toBe('open')
  })
})

describe('an eviction', () => {
  test('[DISP-10] [LIM-3] an open circuit is open still, and its rest goes on', async () => {
    const before = circuitOf()
    await before.opened()
    const after = circuitOf(before.world.stored)
    expect(await after.circuit.admits()).toBe(false)
    expect(after.circuit.figures().state).toBe('open')
    await vi.advanceTimersByTimeAsync(1_000)
    after.world.isBack = true
    const asked = after.circuit.admits()
    await vi.advanceTimersByTimeAsync(10)
    expect(await asked).toBe(true)
    const later = circuitOf(after.world.stored)
    expect(await later.circuit.admits()).toBe(true)
    expect(later.circuit.figures().state).toBe('closed')
  })

  test('[LIM-3] in the middle of a trial: another one', async () => {
    const before = circuitOf()
    await before.opened()
    await vi.advanceTimersByTimeAsync(1_000)
    void before.circuit.admits()
    expect(before.circuit.figures().state).toBe('half_open')
    const after = circuitOf(before.world.stored)
    expect(after.circuit.figures().state).toBe('open')
  })
})
