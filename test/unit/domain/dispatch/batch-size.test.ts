import { describe, expect, test } from 'vitest'
import {
  batchFailed,
  batchRefused,
  tookBatch,
  tookParcels,
} from '../../../../src/domain/dispatch/batch-size.ts'
import { Destinations, type Destination } from '../../../../src/domain/dispatch/destinations.ts'
import { defaultDispatchSettings } from '../../../../src/domain/dispatch/settings.ts'

const settings = { ...defaultDispatchSettings, batch_start_count: 200 }

const destinationOf = (name: string): Destination => {
  const destinations = new Destinations(settings)
  destinations.arrived(name, { level: 1, count: 10_000, since: 0 })
  const destination = destinations.next(0)
  if (!destination) throw new Error('there is one')
  return destination
}

describe('[DISP-7] the size of a batch', () => {
  test('grows while batches are full and quick, up to the bound', () => {
    const room = destinationOf('room a')
    const sizes = Array.from({ length: 5 }, () => {
      tookBatch(room, { count: room.size, took_ms: 50 }, settings)
      return room.size
    })
    expect(sizes).toEqual([300, 400, 500, 500, 500])
  })

  test('stays where they are not full, or neither quick nor slow; halves where slow or refused', () => {
    const room = destinationOf('room a')
    tookBatch(room, { count: 3, took_ms: 5 }, settings)
    tookBatch(room, { count: 200, took_ms: 500 }, settings)
    expect(room.size).toBe(200)
    tookBatch(room, { count: 200, took_ms: 1_500 }, settings)
    expect(room.size).toBe(100)
    batchRefused(room)
    expect([room.size, room.failures]).toEqual([50, 1])
    for (let time = 0; time < 20; time += 1) batchRefused(room)
    expect(room.size).toBe(1)
  })

  test('[DISP-10] to a service that was away it begins with one and doubles', () => {
    const email = destinationOf('email')
    tookParcels(email, { count: 4, troubled: 0, untried: 4 }, settings)
    const sizes = Array.from({ length: 7 }, () => {
      const { size } = email
      tookParcels(email, { count: size, troubled: 0, untried: 0 }, settings)
      return size
    })
    expect(sizes).toEqual([1, 2, 4, 8, 16, 32, 32])
    tookParcels(email, { count: 32, troubled: 1, untried: 0 }, settings)
    expect(email.size).toBe(16)
  })
})

describe('[DISP-11] a poison message that breaks each batch it is in', () => {
  test.each([0, 1, 137, 250, 498, 499])('is alone soon; at %i of 500', (poison) => {
    const room = destinationOf('room a')
    const waiting = Array.from({ length: 2_000 }, (_, number) => number)
    const passed: number[] = []
    let calls = 0
    let alone: number | undefined
    for (; waiting.length > 0 && calls < 100; calls += 1) {
      const batch = waiting.slice(0, room.size)
      if (!batch.includes(poison)) {
        passed.push(...waiting.splice(0, batch.length))
        tookBatch(room, { count: batch.length, took_ms: 50 }, settings)
      } else {
        batchFailed(room, batch.length, settings)
        if (batch.length === 1) alone = waiting.shift()
      }
    }
    expect(alone).toBe(poison)
    expect(passed).toEqual(
      Array.from({ length: 2_000 }, (_, number) => number).filter((one) => one !== poison),
    )
    expect(calls).toBeLessThan(40)
  })

  test('one failure proves nothing: the same batch goes again first', () => {
    const room = destinationOf('room a')
    batchFailed(room, 200, settings)
    expect([room.size, room.suspects]).toEqual([200, 0])
    batchFailed(room, 200, settings)
    expect([room.size, room.suspects]).toEqual([100, 200])
  })
})
