/** Which messages of a destination go together, over the SQLite of a shard (DISP-4, DISP-8). */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { bodyOf } from '../../src/domain/dispatch/body.ts'
import { Destinations, type Destination } from '../../src/domain/dispatch/destinations.ts'
import { orderKey, queueKey } from '../../src/domain/dispatch/layout.ts'
import { Places } from '../../src/domain/dispatch/places.ts'
import { destinationOf } from '../../src/domain/dispatch/row.ts'
import { defaultDispatchSettings } from '../../src/domain/dispatch/settings.ts'
import { trackingId } from '../../src/domain/dispatch/tracking-id.ts'
import { DispatchBatches, type Batch } from '../../src/durable/dispatch-batches.ts'
import { DispatchBuffer } from '../../src/durable/dispatch-buffer.ts'
import { dispatchStub } from '../../src/durable/stubs.ts'
import { hash53 } from '../../src/lib/hash53.ts'
import { bindings } from './support/bindings.ts'
import { oneWay } from './support/dispatch.ts'

const recipient = { type: 'room', id: '0198f3a0-0000-7000-8000-000000000001' } as const
const start = 1_800_000_000_000
const settings = defaultDispatchSettings

afterEach(() => vi.restoreAllMocks())

type Shard = {
  readonly room: Destination
  /** Whose messages wait for another shard. */
  readonly waiting_elsewhere: Set<string>
  accept(sender_id: string): void
  take(after?: Batch): string[] | undefined
  batch: Batch | undefined
}

/** A shard that nobody empties; batches are of two. */
const withShard = (number: number, run: (shard: Shard) => void): Promise<void> =>
  runInDurableObject(dispatchStub(bindings, number), (_, { storage }) => {
    const buffer = new DispatchBuffer(storage.sql)
    const destinations = new Destinations(settings)
    const waiting_elsewhere = new Set<string>()
    const former = {
      mayLeave: ({ sender_id }: { readonly sender_id: string }) =>
        !waiting_elsewhere.has(sender_id),
      ask: () => Promise.resolve(),
    }
    const batches = new DispatchBatches(buffer, former, settings)
    const places = new Places(number, undefined)
    const destination = destinationOf(recipient.type, recipient.id)
    const counts = new Map<string, number>()
    const shard: Shard = {
      get room() {
        const room = destinations.of(destination)
        if (!room) throw new Error('nothing waits')
        room.size = 2
        return room
      },
      waiting_elsewhere,
      batch: undefined,
      accept(sender_id) {
        const place = places.next(Date.now(), 0)
        places.taken(place)
        const count = (counts.get(sender_id) ?? 0) + 1
        counts.set(sender_id, count)
        const body = bodyOf(oneWay({ recipient, content: `${sender_id} ${count}` }))
        buffer.insert({
          ...{ seq: place.seq, tracking_id: trackingId(place), epoch: 2, sender_id, destination },
          ...{ recipient_type: recipient.type, recipient_id: recipient.id, level: 1 },
          ...{ queue: hash53(queueKey(orderKey(sender_id, recipient), 'normal')), bytes: 500 },
          ...{ idempotency_key: null, request_id: '', request_place: 0, digest: null },
          ...{ accepted_at: place.at, body: JSON.stringify(body) },
        })
        destinations.arrived(destination, { level: 1, count: 1, since: place.at })
      },
      take(after) {
        shard.batch = batches.take(shard.room, after?.upto)
        return shard.batch?.ready.map(({ row }) => row.sender_id)
      },
    }
    run(shard)
  })

test('[DISP-4] [DISP-8] what was passed while it was held back is not overtaken by a batch made ahead', async () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(start)
  await withShard(901, (shard) => {
    shard.waiting_elsewhere.add('mover')
    for (const sender of ['mover', 'ann', 'bob', 'cid', 'dee', 'mover', 'eve']) shard.accept(sender)
    expect(shard.take()).toEqual(['ann'])
    expect(shard.take(shard.batch)).toEqual(['bob', 'cid'])
    // The batches before have arrived, and the other shard has said that it holds nothing more.
    clock.mockReturnValue(start + settings.ask_pause_ms)
    shard.waiting_elsewhere.clear()
    expect(shard.take(shard.batch)).toBeUndefined()
    expect(shard.take()?.[0]).toBe('mover')
  })
})

test('[DISP-11] nor is one that failed and whose next try is due', async () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(start)
  await withShard(902, (shard) => {
    for (const sender of ['poor', 'ann', 'bob', 'poor', 'cid']) shard.accept(sender)
    expect(shard.take()).toEqual(['poor', 'ann'])
    const [poor] = shard.batch?.ready ?? []
    if (!poor) throw new Error('nothing to send')
    shard.room.held.set(poor.row.queue, start + 1_000)
    expect(shard.take()).toEqual(['ann', 'bob'])
    clock.mockReturnValue(start + 1_000)
    expect(shard.take(shard.batch)).toBeUndefined()
    expect(shard.take()).toEqual(['poor', 'ann'])
  })
})
