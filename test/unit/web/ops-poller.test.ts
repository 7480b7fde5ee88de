import { expect, test } from 'vitest'
import { Poller, type Polled } from '../../../web/src/ops/poller.ts'
import type { Result } from '../../../web/src/sync/api.ts'
import { FakeClock } from './fakes.ts'

const made = () => {
  const clock = new FakeClock()
  const asked: ((result: Result<number>) => void)[] = []
  const told: Polled<number>[] = []
  const poller = new Poller<number>({
    clock,
    ask: () => new Promise((answer) => asked.push(answer)),
    interval_ms: () => 5_000,
    onPolled: (polled) => told.push(polled),
  })
  /** The question is answered, and what follows from it has happened. */
  const answer = async (index: number, result: Result<number>) => {
    asked[index]?.(result)
    await Promise.resolve()
    await Promise.resolve()
  }
  return { clock, asked, told, poller, answer }
}

const value = (n: number) => ({ ok: true, value: n }) as const
const unreachable = { ok: false, failure: { code: 'unreachable', detail: '' } } as const

test('[OPS-3] it asks at once, and again an interval after each answer', async () => {
  const { clock, asked, told, poller, answer } = made()
  poller.start()
  poller.start()
  expect(asked).toHaveLength(1)
  clock.advance(60_000)
  expect(asked).toHaveLength(1)
  await answer(0, value(1))
  expect(told.map((polled) => polled.value)).toEqual([1])
  clock.advance(4_999)
  expect(asked).toHaveLength(1)
  clock.advance(1)
  expect(asked).toHaveLength(2)
})

test('[OPS-3] a failure keeps the last answer and its time, and the next answer ends it', async () => {
  const { clock, told, poller, answer } = made()
  poller.start()
  await answer(0, value(1))
  const answered_at_ms = clock.now()
  clock.advance(5_000)
  await answer(1, unreachable)
  expect(told.at(-1)).toEqual({
    value: 1,
    answered_at_ms,
    failure: unreachable.failure,
    failed_at_ms: answered_at_ms + 5_000,
  })
  clock.advance(5_000)
  await answer(2, value(3))
  expect(told.at(-1)).toMatchObject({ value: 3, failure: undefined, failed_at_ms: undefined })
})

test('[OPS-3] stopped, it neither asks nor listens to what was on its way', async () => {
  const { clock, asked, told, poller, answer } = made()
  poller.start()
  poller.stop()
  await answer(0, value(1))
  clock.advance(60_000)
  expect(told).toEqual([])
  expect(asked).toHaveLength(1)
  poller.start()
  await answer(1, value(2))
  expect(told.map((polled) => polled.value)).toEqual([2])
})

test('[OPS-3] an answer that a newer question overtook is not shown', async () => {
  const { told, poller, answer } = made()
  poller.start()
  void poller.look()
  await answer(1, value(2))
  await answer(0, value(1))
  expect(told.map((polled) => polled.value)).toEqual([2])
})
