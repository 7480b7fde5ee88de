import { expect, test } from 'vitest'
import type { SendMessage } from '../../../src/protocol/message.ts'
import type { KeyValueStore } from '../../../web/src/sync/key-value-store.ts'
import {
  ACK_TIMEOUT_MS,
  Outbox,
  RECOVERY_SPREAD_MS,
  RETRY_MAX_COUNT,
  type Hindrance,
} from '../../../web/src/sync/outbox.ts'
import { aMessage, room_id } from './builders.ts'
import { FakeClock, countingIds, memoryStore } from './fakes.ts'

const user_id = 'alice@muster.test'

const setUp = (given: { store?: KeyValueStore; newId?: () => string } = {}) => {
  const clock = new FakeClock()
  const store = given.store ?? memoryStore()
  const sent: SendMessage[] = []
  const hindrances: (Hindrance | undefined)[] = []
  const outbox = new Outbox({
    store,
    user_id,
    room_id,
    clock,
    random: () => 1,
    newId: given.newId ?? countingIds(),
    transmit: (frame) => sent.push(frame) > 0,
    onChange: () => {},
    onHindrance: (hindrance) => hindrances.push(hindrance),
  })
  const statuses = () => outbox.entries.map((entry) => entry.status.kind)
  const contents = () => sent.map((frame) => frame.content)
  const codes = () => hindrances.map((hindrance) => hindrance?.code)
  return { clock, store, sent, outbox, statuses, contents, hindrances, codes }
}

const ack = (client_message_id: string, revision: number) => ({ client_message_id, revision })

test('[WEB-3] pending at once, sent with the ack, gone with the message', () => {
  const { outbox, statuses } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  expect(statuses()).toEqual(['pending'])
  outbox.onAck(ack('id-000001', 5))
  expect(statuses()).toEqual(['sent'])
  const message = aMessage(4, { sender_id: user_id, client_message_id: 'id-000001' })
  outbox.onConfirmed([message], 5)
  expect(statuses()).toEqual([])
})

test('[WEB-3] the message may come before the ack', () => {
  const { outbox, contents } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.add({ content: 'two' })
  const message = aMessage(4, { sender_id: user_id, client_message_id: 'id-000001' })
  outbox.onConfirmed([message], 5)
  outbox.onAck(ack('id-000001', 5))
  expect(contents()).toEqual(['one', 'two'])
  expect(outbox.entries.map((entry) => entry.content)).toEqual(['two'])
})

test("[WEB-3] somebody else's message with the same client id confirms nothing", () => {
  const { outbox, statuses } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onConfirmed([aMessage(4, { client_message_id: 'id-000001' })], 5)
  expect(statuses()).toEqual(['pending'])
})

test('[WEB-3] an acknowledged message older than what is held does not linger', () => {
  const { outbox, statuses } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onAck(ack('id-000001', 5))
  outbox.onConfirmed([], 80)
  expect(statuses()).toEqual([])
})

test('[SEQ-6] one at a time, in the order written', () => {
  const { outbox, contents } = setUp()
  outbox.add({ content: 'one' })
  outbox.add({ content: 'two' })
  expect(contents()).toEqual([])
  outbox.resume()
  expect(contents()).toEqual(['one'])
  outbox.onAck(ack('id-000001', 5))
  expect(contents()).toEqual(['one', 'two'])
})

test('[MSG-3] after a reconnect it is sent again with the same id', () => {
  const { outbox, sent } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.pause()
  outbox.resume()
  expect(sent.map((frame) => frame.client_message_id)).toEqual(['id-000001', 'id-000001'])
})

test('[MSG-3] an answer that never comes: sent again with the same id', () => {
  const { outbox, sent, clock } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  clock.advance(ACK_TIMEOUT_MS)
  expect(sent.map((frame) => frame.client_message_id)).toEqual(['id-000001', 'id-000001'])
})

test('[WEB-3] survives a reload: same id, same order, failures too', () => {
  const store = memoryStore()
  const before = setUp({ store })
  before.outbox.resume()
  for (const content of ['one', 'two', 'three']) before.outbox.add({ content })
  before.outbox.onRefused('id-000001', 'too_large', undefined)
  before.outbox.pause()

  const after = setUp({ store })
  expect(after.outbox.entries.map((entry) => [entry.content, entry.status.kind])).toEqual([
    ['one', 'failed'],
    ['two', 'pending'],
    ['three', 'pending'],
  ])
  after.outbox.resume()
  expect(after.sent[0]?.client_message_id).toBe('id-000002')
})

test('[WEB-3] acknowledged ones are not kept in storage', () => {
  const { outbox, store } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  expect(store.keys('')).toHaveLength(1)
  outbox.onAck(ack('id-000001', 5))
  expect(store.keys('')).toEqual([])
})

test('[WEB-3] what another person or room keeps is left alone; junk is skipped', () => {
  const store = memoryStore()
  store.set(`muster.outbox.${user_id}.other-room.x`, '{"client_message_id":"x"}')
  store.set(`muster.outbox.${user_id}.${room_id}.y`, '{nonsense')
  store.set(`muster.outbox.${user_id}.${room_id}.z`, 'null')
  expect(setUp({ store }).outbox.entries).toEqual([])
})

test('[WEB-3] refused for good: failed, the next goes on, Retry uses the same id', () => {
  const { outbox, statuses, contents, sent } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.add({ content: 'two' })
  outbox.onRefused('id-000001', 'forbidden', undefined)
  expect(statuses()).toEqual(['failed', 'pending'])
  expect(contents()).toEqual(['one', 'two'])
  outbox.onAck(ack('id-000002', 5))
  outbox.retry('id-000001')
  expect(sent.at(-1)).toMatchObject({ content: 'one', client_message_id: 'id-000001' })
})

test('[WEB-3] Discard forgets it, in storage too', () => {
  const { outbox, store, statuses } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onRefused('id-000001', 'forbidden', undefined)
  outbox.discard('id-000001')
  expect(statuses()).toEqual([])
  expect(store.keys('')).toEqual([])
})

test('[LIM-1] rate limited: repeated by itself after the wait, nothing overtakes it', () => {
  const { outbox, contents, statuses, clock } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.add({ content: 'two' })
  outbox.onRefused('id-000001', 'rate_limited', 3_000)
  outbox.add({ content: 'three' })
  clock.advance(2_999)
  expect(contents()).toEqual(['one'])
  clock.advance(1)
  expect(contents()).toEqual(['one', 'one'])
  expect(statuses()).toEqual(['pending', 'pending', 'pending'])
  outbox.onAck(ack('id-000001', 5))
  outbox.onAck(ack('id-000002', 6))
  expect(contents()).toEqual(['one', 'one', 'two', 'three'])
})

test('[LIM-1] says which one waits and until when, to the millisecond the limiter told', () => {
  const { outbox, hindrances, clock } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onRefused('id-000001', 'rate_limited', 12_000)
  expect(hindrances).toEqual([
    { code: 'rate_limited', client_message_id: 'id-000001', retry_at: clock.now() + 12_000 },
  ])
  clock.advance(12_000)
  outbox.onAck(ack('id-000001', 5))
  expect(hindrances.at(-1)).toBeUndefined()
})

test('[LIM-1] after a reload the wait begins with the next refusal; the message is not lost', () => {
  const store = memoryStore()
  const before = setUp({ store })
  before.outbox.resume()
  before.outbox.add({ content: 'one' })
  before.outbox.onRefused('id-000001', 'rate_limited', 12_000)
  before.outbox.pause()
  const { outbox, sent, hindrances } = setUp({ store })
  outbox.resume()
  expect(sent.map(({ client_message_id }) => client_message_id)).toEqual(['id-000001'])
  outbox.onRefused('id-000001', 'rate_limited', 9_000)
  expect(hindrances).toHaveLength(1)
})

test.each(['rate_limited', 'unavailable', 'database_busy'] as const)(
  '[LIM-3] %s for however long: it stays, and goes out in the end',
  (code) => {
    const { outbox, statuses, contents, clock } = setUp()
    outbox.resume()
    outbox.add({ content: 'one' })
    for (let refusal = 0; refusal < 100; refusal += 1) {
      outbox.onRefused('id-000001', code, 1_000)
      clock.advance(20_000)
    }
    expect(statuses()).toEqual(['pending'])
    const before = contents().length
    outbox.onAck(ack('id-000001', 5))
    outbox.add({ content: 'two' })
    expect(contents().slice(before)).toEqual(['two'])
  },
)

test('[WEB-3] failed by the server again and again: the person decides', () => {
  const { outbox, statuses, clock } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  for (let refusal = 0; refusal <= RETRY_MAX_COUNT; refusal += 1) {
    outbox.onRefused('id-000001', 'internal', undefined)
    clock.advance(20_000 - 1)
  }
  expect(statuses()).toEqual(['failed'])
})

test('[LIM-3] once the database is back, what waited is sent soon rather than after its wait', () => {
  const { outbox, contents, clock } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onRefused('id-000001', 'unavailable', 15_000)
  clock.advance(2_000)
  outbox.onRecovered()
  clock.advance(RECOVERY_SPREAD_MS - 1)
  expect(contents()).toEqual(['one'])
  clock.advance(1)
  expect(contents()).toEqual(['one', 'one'])
})

test('[LIM-3] one that is on its way is not sent twice because the database is back', () => {
  const { outbox, contents, clock } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onRecovered()
  clock.advance(RECOVERY_SPREAD_MS)
  expect(contents()).toEqual(['one'])
})

test('[MSG-10] the ids of those who were chosen go with the words, also after a reload', () => {
  const store = memoryStore()
  setUp({ store }).outbox.add({ content: '@Ann', mentions: ['ann.lee', 'ann.wu'] })
  const { outbox, sent } = setUp({ store })
  outbox.resume()
  expect(sent[0]).toMatchObject({ message_type: 'text', mentions: ['ann.lee', 'ann.wu'] })
})

test('[MSG-4] readings are sent as an object, also after a reload', () => {
  const store = memoryStore()
  setUp({ store }).outbox.add({ content: { bar: 4.1, open: true } })
  const { outbox, sent } = setUp({ store })
  outbox.resume()
  expect(sent[0]).toMatchObject({
    message_type: 'incident_data',
    content: { bar: 4.1, open: true },
  })
})

test('[LIM-3] tells once that nothing can be taken now, and once that it can again', () => {
  const { clock, outbox, codes } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onRefused('id-000001', 'unavailable', 1_000)
  expect(codes()).toEqual(['unavailable'])
  clock.advance(60_000)
  outbox.onAck(ack('id-000001', 5))
  outbox.add({ content: 'two' })
  outbox.onAck(ack('id-000002', 6))
  expect(codes()).toEqual(['unavailable', undefined])
})

test('[LIM-3] a connection that is gone is no longer one that cannot write', () => {
  const { outbox, codes } = setUp()
  outbox.resume()
  outbox.add({ content: 'one' })
  outbox.onRefused('id-000001', 'unavailable', 1_000)
  outbox.pause()
  expect(codes()).toEqual(['unavailable', undefined])
})
