import { expect, test } from 'vitest'
import { Uuid } from '../../../../src/protocol/scalars.ts'
import {
  saltOfTracking,
  seqOfTracking,
  shardOfTracking,
  trackingId,
} from '../../../../src/domain/dispatch/tracking-id.ts'

const place = { at: 1_795_000_000_123, salt: 0xabc, seq: 1, shard: 0 }

test('[DISP-1] a tracking id is a UUIDv7 that says in which shard and at which place it is', () => {
  const id = trackingId({ ...place, seq: 0x123456789abc, shard: 255 })
  expect(id).toBe('01a1ee56-5e7b-7abc-8123-456789abc0ff')
  expect(Uuid.safeParse(id).success).toBe(true)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(place.at)
  expect(shardOfTracking(id)).toBe(255)
  expect(seqOfTracking(id)).toBe(0x123456789abc)
  expect(saltOfTracking(id)).toBe(0xabc)
})

test('[DISP-1] ids rise with places, also within a millisecond', () => {
  const ids = [
    place,
    { ...place, seq: 2 },
    { ...place, seq: 4_096 },
    { ...place, at: place.at + 1, salt: 0, seq: 4_097 },
  ].map(trackingId)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})
