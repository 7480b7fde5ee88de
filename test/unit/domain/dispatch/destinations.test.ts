import { expect, test } from 'vitest'
import { Destinations } from '../../../../src/domain/dispatch/destinations.ts'
import type { Level } from '../../../../src/domain/dispatch/row.ts'
import { defaultDispatchSettings } from '../../../../src/domain/dispatch/settings.ts'

const settings = {
  ...defaultDispatchSettings,
  rooms_in_flight_max_count: 4,
  rooms_for_high_count: 1,
  destinations_max_count: 10,
}
const now = 1_000_000

const arrive = (all: Destinations, name: string, level: Level = 1, count = 1) =>
  all.arrived(name, { level, count, since: now })

const take = (all: Destinations, at = now): string[] => {
  const names: string[] = []
  for (let one = all.next(at); one; one = all.next(at)) names.push(one.name)
  return names
}

test('[DISP-7] a destination has one turn at a time, and the next when it is ready again', () => {
  const all = new Destinations(settings)
  arrive(all, 'room a', 1, 2)
  const room = all.next(now)
  arrive(all, 'room a')
  expect(all.next(now)).toBeUndefined()
  if (!room) throw new Error('there is one')
  all.left(room, 1, 2)
  all.ready(room)
  expect(all.next(now)).toBe(room)
  all.left(room, 1, 1)
  all.ready(room)
  expect(all.next(now)).toBeUndefined()
  expect(all.size).toBe(0)
})

test('[DISP-4] rooms of low priority leave a place for normal ones and for high ones; services need none', () => {
  const all = new Destinations({ ...settings, destinations_max_count: 20 })
  for (const name of ['room a', 'room b', 'room c', 'room d', 'room e']) arrive(all, name, 2)
  expect(take(all)).toEqual(['room a', 'room b'])
  arrive(all, 'room n', 1)
  arrive(all, 'room o', 1)
  expect(take(all)).toEqual(['room n'])
  arrive(all, 'room h', 0)
  arrive(all, 'room i', 0)
  arrive(all, 'email', 2)
  arrive(all, 'user', 1)
  expect(take(all).toSorted()).toEqual(['email', 'room h', 'user'])
})

test('[DISP-10] one that is paused waits for its time, and news only wake it where its queues are held', () => {
  const all = new Destinations(settings)
  arrive(all, 'email', 1, 5)
  const email = all.next(now)
  if (!email) throw new Error('there is one')
  all.pause(email, now + 1_000, false)
  arrive(all, 'email', 0)
  expect(take(all)).toEqual([])
  expect(all.nextDue()).toBe(now + 1_000)
  expect(all.isBusy).toBe(false)
  expect(take(all, now + 1_000)).toEqual(['email'])
  all.pause(email, now + 5_000, true)
  arrive(all, 'email', 1)
  expect(take(all, now + 1_500)).toEqual(['email'])
})

test('[LIM-4] so many destinations are known and no more; the others are looked up when there is room', () => {
  const all = new Destinations(settings)
  for (let number = 0; number < 100; number += 1) arrive(all, `room ${number}`)
  expect(all.size).toBe(10)
  expect(all.has_unknown).toBe(true)
  const seen = new Set<string>()
  // What the buffer would say: all that have not had their turn.
  const left = () =>
    Array.from({ length: 100 }, (_, number) => `room ${number}`)
      .filter((name) => !seen.has(name))
      .map((destination) => ({ destination, level: 1 as const, count: 1, since: now }))
  for (let turn = 0; turn < 200 && seen.size < 100; turn += 1) {
    const one = all.next(now)
    if (one) {
      seen.add(one.name)
      all.left(one, 1, 1)
      all.ready(one)
    }
    if (all.lacksSome) all.meet(left().slice(0, settings.destinations_max_count))
    expect(all.size).toBeLessThanOrEqual(10)
  }
  expect(seen.size).toBe(100)
  expect(all.has_unknown).toBe(false)
})

test('[DISP-4] one with something of higher priority goes first, also where that came later', () => {
  const all = new Destinations(settings)
  arrive(all, 'room a', 1)
  arrive(all, 'room b', 2)
  arrive(all, 'room b', 0)
  expect(all.next(now)?.name).toBe('room b')
})
