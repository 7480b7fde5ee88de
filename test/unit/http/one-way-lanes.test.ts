/** A batch on its way to the shards: order, bounds, and what is not asked for again (DISP-3, DISP-8). */
import { describe, expect, test } from 'vitest'
import type { Handed } from '../../../src/domain/dispatch/buffered.ts'
import { Lanes } from '../../../src/http/one-way-lanes.ts'
import { refusal } from '../../../src/protocol/errors.ts'
import type { OneWayMessage, Priority } from '../../../src/protocol/one-way.ts'

const message = (line: number, to: string, priority: Priority = 'normal'): OneWayMessage => ({
  recipient: { type: 'room', id: to },
  content: line,
  priority,
})

type Call = {
  readonly lines: number[]
  answer(handed?: (line: number, message: OneWayMessage) => Handed): Promise<void>
}

const accepted = (line: number): Handed => ({
  ok: true,
  tracking_id: `id-${line}`,
  status: 'accepted',
})

const full: Handed = { ok: false, refusal: refusal('unavailable', 'full', 2_000) }

/** Lanes whose calls the test answers when it likes. */
const bench = (lanes = 1) => {
  const calls: Call[] = []
  const handed: [number, string][] = []
  const bench_ = {
    calls,
    handed,
    lanes: new Lanes({
      sender_id: 'ann',
      lanes,
      handOver: (messages) =>
        new Promise((resolve) => {
          calls.push({
            lines: messages.map(({ content }) => content as number),
            answer: async (handedTo = accepted) => {
              resolve(messages.map((one) => handedTo(one.content as number, one)))
              await settled()
            },
          })
        }),
      onHanded: (line, one) => handed.push([line, one.ok ? one.tracking_id : one.refusal.code]),
    }),
    add: (line: number, to = 'r', { bytes = 100, priority = 'normal' as Priority } = {}) =>
      bench_.lanes.add({ line, message: message(line, to, priority), bytes }),
  }
  return bench_
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let isOver = false
  void promise.then(() => (isOver = true))
  await settled()
  return isOver
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('[DISP-8] a lane', () => {
  test('sends one chunk at a time, in order, however slow it is', async () => {
    const { lanes, calls, add, handed } = bench()
    for (const line of range(1, 500)) await add(line)
    expect(calls.map(({ lines }) => lines)).toEqual([range(1, 500)])
    for (const line of range(501, 999)) await add(line)
    const last = add(1_000)
    // Its second chunk is full, and the first has not arrived: whoever adds waits.
    expect(await isSettled(last)).toBe(false)
    expect(calls).toHaveLength(1)
    await calls[0]?.answer()
    await last
    expect(calls[1]?.lines).toEqual(range(501, 1_000))
    const finished = lanes.finish()
    await calls[1]?.answer()
    await finished
    expect(handed.map(([line]) => line)).toEqual(range(1, 1_000))
  })

  test('sends what waits when the sender pauses, after what is on its way', async () => {
    const { lanes, calls, add } = bench()
    await add(1)
    expect(calls).toEqual([])
    await lanes.flush()
    await add(2)
    await lanes.flush()
    expect(calls.map(({ lines }) => lines)).toEqual([[1]])
    await calls[0]?.answer()
    expect(calls.map(({ lines }) => lines)).toEqual([[1], [2]])
    await add(3)
    const finished = lanes.finish()
    expect(calls).toHaveLength(2)
    await calls[1]?.answer()
    await calls[2]?.answer()
    await finished
    expect(calls.map(({ lines }) => lines)).toEqual([[1], [2], [3]])
  })

  test('is left by a large message at once', async () => {
    const { calls, add } = bench()
    await add(1, 'r', { bytes: 300_000 })
    expect(calls).toHaveLength(1)
  })
})

test('[LIM-4] what is held is bounded, over all lanes and with what is on its way', async () => {
  const { calls, add, lanes } = bench(64)
  let added = 0
  const adding = (async () => {
    for (const line of range(1, 64)) {
      await add(line, `room ${line}`, { bytes: 100_000 })
      added = line
    }
  })()
  await settled()
  // 1 MiB, and the one over it.
  expect(added).toBe(10)
  expect(calls.length).toBeLessThanOrEqual(8)
  let answered = 0
  const answersUntil = async (end: Promise<unknown>) => {
    while (!(await isSettled(end))) {
      expect(calls.length - answered).toBeLessThanOrEqual(8)
      const next = calls[answered]
      if (!next) continue
      answered += 1
      await next.answer()
    }
  }
  await answersUntil(adding)
  await answersUntil(lanes.finish())
  expect(calls.flatMap(({ lines }) => lines).toSorted((a, b) => a - b)).toEqual(range(1, 64))
})

describe('[DISP-3] after a refusal for want of room', () => {
  test('the rest of that priority and below is refused unasked, and what is higher is not', async () => {
    const { calls, add, lanes, handed } = bench()
    await add(1)
    await lanes.flush()
    // Already there when the answer comes.
    await add(2)
    await calls[0]?.answer(() => full)
    await add(3, 'r', { priority: 'low' })
    await add(4, 'r', { priority: 'high' })
    const finished = lanes.finish()
    await settled()
    expect(calls.map(({ lines }) => lines)).toEqual([[1], [4]])
    await calls[1]?.answer()
    await finished
    expect(handed.toSorted(([one], [other]) => one - other)).toEqual([
      [1, 'unavailable'],
      [2, 'unavailable'],
      [3, 'unavailable'],
      [4, 'id-4'],
    ])
  })

  test('control: a refusal of the message itself closes nothing', async () => {
    const { calls, add, lanes } = bench()
    await add(1)
    await lanes.flush()
    await calls[0]?.answer(() => ({ ok: false, refusal: refusal('conflict', 'another') }))
    await add(2)
    void lanes.finish()
    await settled()
    expect(calls.map(({ lines }) => lines)).toEqual([[1], [2]])
  })
})
