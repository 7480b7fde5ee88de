/** A circuit breaker by a clock that the test moves; what survives its object is in courier.test.ts. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Circuit, defaultCircuitLimits, type StoredCircuit } from '../../../src/durable/circuit.ts'

type Answer = 'good' | 'bad'

const isBad = (answer: Answer): boolean => answer === 'bad'

/** A circuit whose service answers as it is told, and what it has kept. */
class Scene {
  asked = 0
  answer: Answer = 'good'
  kept: StoredCircuit | undefined
  circuit: Circuit

  constructor() {
    this.circuit = this.#make()
  }

  /** As if the object slept: only what was kept is known. */
  evict(): void {
    this.kept = structuredClone(this.kept)
    this.circuit = this.#make()
  }

  ask() {
    return this.circuit.run(async () => {
      this.asked += 1
      return this.answer
    }, isBad)
  }

  async fail(times: number): Promise<void> {
    this.answer = 'bad'
    for (let count = 0; count < times; count += 1) await this.ask()
  }

  #make(): Circuit {
    return new Circuit({
      service: 'email',
      limits: defaultCircuitLimits,
      stored: this.kept,
      onChange: (stored) => {
        this.kept = stored
      },
    })
  }
}

const began_at = Date.parse('2026-11-25T04:00:00.000Z')

let scene: Scene
beforeEach(() => {
  vi.useFakeTimers({ now: began_at, toFake: ['Date'] })
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'info').mockImplementation(() => {})
  scene = new Scene()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms)

test('[DISP-10] five failures in a row open it, and then nothing is asked', async () => {
  await scene.fail(4)
  expect(scene.circuit.state).toBe('closed')
  expect(scene.kept).toBeUndefined()
  await scene.fail(1)
  expect(scene.circuit.figures()).toEqual({
    service: 'email',
    state: 'open',
    since: '2026-11-25T04:00:00.000Z',
    next_trial_at: '2026-11-25T04:00:05.000Z',
    failed: 5,
    sent: 5,
  })
  pass(2_000)
  expect(await scene.ask()).toEqual({ kind: 'open', retry_after_ms: 3_000 })
  expect(scene.asked).toBe(5)
})

test('[DISP-10] a success between failures starts the count anew', async () => {
  await scene.fail(4)
  scene.answer = 'good'
  await scene.ask()
  await scene.fail(4)
  expect(scene.circuit.state).toBe('closed')
})

describe.each([{ evicted: false }, { evicted: true }])(
  '[DISP-10] with an eviction between ($evicted)',
  ({ evicted }) => {
    const sleep = () => {
      if (evicted) scene.evict()
    }

    test('it stays open until its trial, and a good answer closes it', async () => {
      await scene.fail(5)
      pass(1_000)
      sleep()
      expect(await scene.ask()).toEqual({ kind: 'open', retry_after_ms: 4_000 })
      pass(4_000)
      scene.answer = 'good'
      expect(await scene.ask()).toEqual({ kind: 'answered', result: 'good' })
      expect(scene.circuit.figures()).toMatchObject({
        state: 'closed',
        since: '2026-11-25T04:00:05.000Z',
        next_trial_at: null,
      })
      expect(scene.kept).toBeUndefined()
    })

    test('each trial that fails makes the next one later, and it still says since when', async () => {
      await scene.fail(5)
      for (const wait_ms of [5_000, 10_000, 20_000, 30_000, 30_000]) {
        const { next_trial_at, since } = scene.circuit.figures()
        expect(next_trial_at).toBe(new Date(Date.now() + wait_ms).toISOString())
        expect(since).toBe('2026-11-25T04:00:00.000Z')
        sleep()
        pass(wait_ms - 1)
        expect((await scene.ask()).kind).toBe('open')
        pass(1)
        expect(await scene.ask()).toEqual({ kind: 'answered', result: 'bad' })
      }
      expect(scene.asked).toBe(10)
    })

    test('after a recovery the waits begin anew', async () => {
      await scene.fail(5)
      pass(5_000)
      await scene.fail(1)
      pass(10_000)
      scene.answer = 'good'
      await scene.ask()
      sleep()
      await scene.fail(5)
      expect(await scene.ask()).toEqual({ kind: 'open', retry_after_ms: 5_000 })
    })
  },
)

test('[DISP-10] one trial alone: who comes meanwhile asks nothing', async () => {
  await scene.fail(5)
  pass(5_000)
  const trial = Promise.withResolvers<Answer>()
  const first = scene.circuit.run(() => trial.promise, isBad)
  expect(scene.circuit.state).toBe('half_open')
  const others = await Promise.all(Array.from({ length: 20 }, () => scene.ask()))
  expect(others.every(({ kind }) => kind === 'open')).toBe(true)
  expect(scene.asked).toBe(5)
  trial.resolve('good')
  expect(await first).toEqual({ kind: 'answered', result: 'good' })
  expect((await scene.ask()).kind).toBe('answered')
})

test('[DISP-10] an object that dies in the middle of a trial makes another one at once', async () => {
  await scene.fail(5)
  pass(5_000)
  void scene.circuit.run(() => new Promise<Answer>(() => {}), isBad)
  scene.evict()
  scene.answer = 'good'
  expect(await scene.ask()).toEqual({ kind: 'answered', result: 'good' })
})

test('[DISP-10] what throws counts, and is thrown', async () => {
  const ask = () => scene.circuit.run(() => Promise.reject(new Error('torn')), isBad)
  for (let count = 0; count < 5; count += 1) await expect(ask()).rejects.toThrow('torn')
  expect(scene.circuit.figures()).toMatchObject({ state: 'open', failed: 5, sent: 5 })
  expect((await ask()).kind).toBe('open')
})

test('[DISP-10] answers that come late do not open it again or close it', async () => {
  const late = Promise.withResolvers<Answer>()
  const slow = scene.circuit.run(() => late.promise, isBad)
  await scene.fail(5)
  late.resolve('good')
  await slow
  expect(scene.circuit.state).toBe('open')
  expect((await scene.ask()).kind).toBe('open')
})
