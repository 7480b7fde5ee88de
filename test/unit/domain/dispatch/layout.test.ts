/** The order of each key while the number of shards changes, in a model of shards and Control. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Homes } from '../../../../src/domain/dispatch/homes.ts'
import {
  changed,
  firstLayout,
  forgotten,
  formerHomes,
  inForce,
  mayChange,
  orderKey,
  queueKey,
  shardFor,
  type Layout,
} from '../../../../src/domain/dispatch/layout.ts'
import { defaultDispatchSettings } from '../../../../src/domain/dispatch/settings.ts'

const settings = { ...defaultDispatchSettings, cleared_max_count: 4, ask_max_count: 2 }

describe('[DISP-8] the layout', () => {
  const layout = changed(firstLayout(4), 8, 10_000)

  test('is in force from its time on, and the one before until then', () => {
    expect(inForce(layout, 9_999)).toMatchObject({ epoch: 1, shards: 4 })
    expect(inForce(layout, 10_000)).toMatchObject({ epoch: 2, shards: 8 })
    expect(inForce(firstLayout(4), 0)).toMatchObject({ epoch: 1, shards: 4 })
  })

  test('may be changed again when it is in force, and not without bound', () => {
    expect(mayChange(layout, 9_999, 8)).toBe(false)
    expect(mayChange(layout, 10_000, 8)).toBe(true)
    expect(mayChange(layout, 10_000, 1)).toBe(false)
  })

  test('remembers the former ones until they are empty, and how many shards there ever were', () => {
    const fewer = changed(layout, 2, 20_000)
    expect(fewer.former.map(({ epoch }) => epoch)).toEqual([2, 1])
    expect(forgotten(fewer, 1).former.map(({ epoch }) => epoch)).toEqual([2])
    expect(fewer.known_shards).toBe(8)
  })

  test('a key has its former homes, of layouts before the message’s own, without the shard that asks', () => {
    const order_key = orderKey('press-4', { type: 'room', id: 'a' })
    const [one, other] = [shardFor(4, order_key), shardFor(8, order_key)]
    const third = changed(layout, 1, 20_000)
    const homes = (epoch: number, own: number) => formerHomes(third, { epoch, order_key, own })
    expect(homes(1, 99)).toEqual([])
    expect(homes(2, 99)).toEqual([one])
    expect(new Set(homes(3, 99))).toEqual(new Set([one, other]))
    expect(homes(2, one)).toEqual([])
  })
})

type Step =
  | { readonly kind: 'post'; readonly key: number }
  | { readonly kind: 'deliver' | 'ask'; readonly shard: number }
  | { readonly kind: 'change'; readonly shards: number }
  | { readonly kind: 'forget' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('post' as const), key: fc.nat(5) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('deliver' as const, 'ask' as const),
      shard: fc.nat(5),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      shards: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'forget' as const }) },
)

type Row = { readonly key: string; readonly number: number; readonly epoch: number }

/** Shards with their homes, and Control, as src/durable wires them. */
class World {
  layout: Layout = firstLayout(2)
  readonly delivered = new Map<string, number[]>()
  readonly #shards = Array.from({ length: 6 }, (_, own) => ({
    homes: new Homes(own, settings),
    rows: [] as Row[],
  }))
  readonly #posted = new Map<string, number>()
  readonly #asks: boolean

  constructor(asks = true) {
    this.#asks = asks
  }

  run(one: Step): void {
    switch (one.kind) {
      case 'post': {
        const key = orderKey(`sender-${one.key}`, { type: 'room', id: 'r' })
        const number = (this.#posted.get(key) ?? 0) + 1
        this.#posted.set(key, number)
        const { epoch, shards } = this.layout
        this.#shards[shardFor(shards, key)]?.rows.push({ key, number, epoch })
        return
      }
      case 'deliver':
        return this.#deliver(one.shard)
      case 'ask':
        return this.#ask(one.shard)
      case 'change':
        this.layout = changed(this.layout, one.shards, 0)
        return
      case 'forget': {
        const oldest = this.#shards.flatMap(({ rows }) => rows.map(({ epoch }) => epoch))
        this.layout = forgotten(this.layout, Math.min(this.layout.epoch, ...oldest) - 1)
      }
    }
  }

  settle(): void {
    for (let round = 0; round < 500; round += 1)
      for (let shard = 0; shard < 6; shard += 1) {
        this.#deliver(shard)
        this.#ask(shard)
      }
  }

  get left(): number {
    return this.#shards.reduce((sum, { rows }) => sum + rows.length, 0)
  }

  /** The first that may leave; those behind one of their own key wait for it. */
  #deliver(number: number): void {
    const shard = this.#shards[number]
    if (!shard) return
    const held = new Set<string>()
    const index = shard.rows.findIndex(({ key, epoch }) => {
      if (held.has(key)) return false
      const kept = { epoch, order_key: key, queue_key: queueKey(key, 'normal') }
      const may = !this.#asks || shard.homes.mayLeave(kept)
      if (!may) held.add(key)
      return may
    })
    const [row] = index === -1 ? [] : shard.rows.splice(index, 1)
    if (!row) return
    this.delivered.set(row.key, [...(this.delivered.get(row.key) ?? []), row.number])
  }

  #ask(number: number): void {
    const shard = this.#shards[number]
    if (!shard) return
    shard.homes.knows(this.layout)
    for (const question of shard.homes.questions()) {
      const rows = this.#shards[question.home]?.rows ?? []
      const earlier = rows.filter(({ epoch }) => epoch < question.epoch)
      const keys = new Set(earlier.map(({ key }) => queueKey(key, 'normal')))
      shard.homes.answered(question, {
        held: question.keys.filter((key) => keys.has(key)),
        oldest_epoch: Math.min(question.epoch, ...rows.map(({ epoch }) => epoch)),
      })
    }
  }
}

const inOrder = (numbers: readonly number[]) =>
  numbers.every((number, index) => number === index + 1)

describe('[DISP-8] any interleaving of posts, deliveries and changes of the number of shards', () => {
  test('keeps the order of each key, and delivers all', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const world = new World()
        for (const one of steps) world.run(one)
        for (const numbers of world.delivered.values()) expect(inOrder(numbers)).toBe(true)
        world.settle()
        for (const numbers of world.delivered.values()) expect(inOrder(numbers)).toBe(true)
        expect(world.left).toBe(0)
      }),
      { numRuns: 500 },
    )
  })

  test('control: without asking the former shards it does not', () => {
    const failures = fc
      .sample(fc.array(step, { maxLength: 120 }), { numRuns: 300, seed: 1 })
      .filter((steps) => {
        const world = new World(false)
        for (const one of steps) world.run(one)
        world.settle()
        return ![...world.delivered.values()].every(inOrder)
      })
    expect(failures.length).toBeGreaterThan(0)
  })
})
