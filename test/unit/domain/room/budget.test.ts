/** What people write is paid for: in order, without keeping others waiting (LIM-1). */
import { beforeEach, describe, expect, test } from 'vitest'
import { anItem, RoomBench, uuid } from './room-builder.ts'

let room: RoomBench
let ann: string
let bob: string

beforeEach(() => {
  room = RoomBench.known()
  ann = room.joins('ann')
  bob = room.joins('bob')
  room.answersLeases = false
  room.listensAfresh()
})

const wish = () => {
  const [asked] = room.leasesAsked.splice(0)
  if (!asked) throw new Error('no lease was asked for')
  return asked
}
const contents = () => room.committedItems().map(({ content }) => content)
const errors = (socket: string) => room.heardOf(socket, 'error')
const nothing = { granted: 0, remaining: 0, retry_after_ms: 20_000 }

describe('[LIM-1] a lease', () => {
  test('is asked for with the first message, which waits for it; later ones are paid from it', () => {
    room.says(ann, 'one')
    expect(room.asked('commit')).toEqual([])
    const asked = wish()
    expect(asked).toMatchObject({ user_id: 'ann', needed: 1 })
    room.leases(asked)
    expect(contents()).toEqual(['one'])
    room.writes()
    room.says(ann, 'two')
    expect(contents()).toEqual(['two'])
    expect(room.leasesAsked).toEqual([])
  })

  test('is asked for by who types, so that the message does not wait', () => {
    room.sends(ann, { type: 'typing', is_typing: true })
    room.leases(wish())
    room.says(ann, 'one')
    expect(contents()).toEqual(['one'])
  })

  test('is asked for before the one before is used up, and the larger the faster one writes', () => {
    room.says(ann, 'first')
    const first = wish()
    room.leases(first)
    for (let count = 0; room.leasesAsked.length === 0; count += 1) room.says(ann, `${count}`)
    room.says(ann, 'still paid')
    const second = wish()
    expect(second.needed).toBe(0)
    expect(second.spare).toBeGreaterThan(first.spare)
    room.answers({ kind: 'unknown' })
    expect(room.heardOf(ann, 'error')).toEqual([])
  })

  test('is shared by all sockets of a person, and nobody else’s', () => {
    const also_ann = room.joins('ann')
    room.says(ann, 'one')
    room.leases(wish())
    room.writes()
    room.says(also_ann, 'two')
    expect(contents()).toEqual(['two'])
    room.says(bob, 'three')
    expect(wish()).toMatchObject({ user_id: 'bob', needed: 1 })
  })

  test('is void after a while, counted from when it was asked for', () => {
    room.sends(ann, { type: 'typing', is_typing: true })
    const asked = wish()
    room.now += 400
    room.leases(asked, { ttl_ms: 1_000 })
    room.now += 600
    room.says(ann, 'one')
    expect(room.asked('commit')).toEqual([])
    expect(wish().needed).toBe(1)
  })

  test('pays for every frame that writes, and for what comes over REST', () => {
    const message_id = uuid(7)
    room.sends(ann, { type: 'add_reaction', message_id, emoji: '👍' })
    expect(wish().needed).toBe(1)
    room.sends(ann, { type: 'delete_message', message_id })
    room.give({ type: 'submitted', request: 'r', item: anItem('ann'), is_admin: false })
    expect(room.asked('commit')).toEqual([])
    room.leases({ user_id: 'ann', needed: 1, spare: 2 })
    expect(room.commit().items).toHaveLength(1)
    room.writes()
    expect(room.commit().items.map(({ kind }) => kind)).toEqual(['message_deleted', 'message'])
  })

  test('costs nothing where the gate says no, and reading is free', () => {
    const eve = room.joins('eve')
    room.says(eve, 'may I?')
    room.sends(ann, { type: 'read', sequence_number: 1 })
    room.sends(ann, { type: 'ping' })
    expect(room.leasesAsked).toEqual([])
    expect(errors(eve)).toMatchObject([{ code: 'forbidden' }])
  })
})

describe('[SEQ-6] what waits for a lease', () => {
  test('keeps the order of its person, and nobody else waits', () => {
    room.says(bob, 'warm')
    room.leases(wish())
    room.writes()
    room.says(ann, 'a1')
    room.says(ann, 'a2')
    room.says(bob, 'b1')
    expect(contents()).toEqual(['b1'])
    room.writes()
    const first = wish()
    room.leases(first, { granted: 1 })
    const rest = wish()
    expect(rest.needed).toBe(1)
    room.says(ann, 'a3')
    room.writes()
    room.leases(rest, { granted: 1 })
    expect(contents()).toEqual(['a2'])
    room.writes()
    room.leases(wish())
    expect(contents()).toEqual(['a3'])
  })

  test('is refused when the room hands over, and told to come again', () => {
    room.says(bob, 'warm')
    room.leases(wish())
    room.give({ type: 'submitted', request: 'r', item: anItem('ann'), is_admin: false })
    room.answers({ kind: 'answered', results: [{ status: 'superseded' }], changes: [] })
    expect(room.asked('reply')).toMatchObject([{ request: 'r', reply: { ok: false } }])
    room.leases(wish())
    expect(room.asked('commit')).toHaveLength(1)
  })

  test('is bounded: beyond that it is refused', () => {
    room = RoomBench.known({ pending_max_count: 3 })
    ann = room.joins('ann')
    room.answersLeases = false
    for (const text of ['1', '2', '3', '4']) room.says(ann, text)
    expect(errors(ann)).toMatchObject([{ code: 'unavailable', ref: 'c-4' }])
    room.leases(wish())
    for (const text of ['5', '6']) room.says(ann, text)
    expect(errors(ann)).toHaveLength(1 + 2)
  })

  test('is sent again where the room sleeps over it: its sockets start again', () => {
    room.says(ann, 'one')
    room.sleeps()
    room.passes(0)
    expect(room.closeOf(ann)?.reason).toBe('the room restarted')
  })
})

describe('[LIM-1] over the limit', () => {
  test('the sender is told when to come back, on the socket and over REST', () => {
    room.says(ann, 'one')
    room.give({ type: 'submitted', request: 'r', item: anItem('ann'), is_admin: false })
    room.leases(wish(), { ...nothing, limit: 10, reset_ms: 50_000 })
    expect(errors(ann)).toMatchObject([
      { code: 'rate_limited', ref: 'c-one', retry_after_ms: 20_000 },
    ])
    const [{ reply } = { reply: undefined }] = room.asked('reply')
    expect(reply).toMatchObject({
      ok: false,
      refusal: { code: 'rate_limited', retry_after_ms: 20_000 },
      budget: { limit: 10, remaining: 0, reset_ms: 50_000 },
    })
    expect(room.asked('commit')).toEqual([])
  })

  test('what can be paid is written, the rest refused in one piece', () => {
    for (const text of ['1', '2', '3', '4']) room.says(ann, text)
    room.leases(wish(), { granted: 1 })
    room.leases(wish(), { ...nothing, granted: 1 })
    expect(errors(ann).map(({ ref }) => ref)).toEqual(['c-3', 'c-4'])
    expect(contents()).toEqual(['1'])
    room.writes()
    expect(contents()).toEqual(['2'])
  })

  test('the limiter is not asked for each refusal, and asked again after a second', () => {
    room.says(ann, 'one')
    room.leases(wish(), nothing)
    for (let count = 0; count < 100; count += 1) room.says(ann, `${count}`)
    room.sends(ann, { type: 'typing', is_typing: true })
    expect(room.leasesAsked).toEqual([])
    expect(errors(ann)).toHaveLength(101)
    room.now += 1_001
    room.says(ann, 'again')
    room.leases(wish())
    expect(contents()).toEqual(['again'])
  })

  test('the others notice nothing', () => {
    room.says(ann, 'one')
    room.says(bob, 'two')
    const [of_ann, of_bob] = [wish(), room.leasesAsked[0]]
    expect(of_bob).toBeUndefined()
    room.leases(of_ann, nothing)
    room.leases({ user_id: 'bob', needed: 1, spare: 4 })
    expect(contents()).toEqual(['two'])
    expect(errors(bob)).toEqual([])
  })

  test('little to spare is not asked for again at every message', () => {
    room.sends(ann, { type: 'typing', is_typing: true })
    room.leases(wish(), { granted: 0 })
    room.sends(ann, { type: 'typing', is_typing: true })
    expect(room.leasesAsked).toEqual([])
    room.says(ann, 'one')
    expect(wish().needed).toBe(1)
  })
})

test('[LIM-4] people who have not written for a while are forgotten', () => {
  room = RoomBench.known()
  for (let minute = 0; minute < 5; minute += 1) {
    for (let one = 0; one < 100; one += 1)
      room.give({
        type: 'received',
        socket: room.joins('bob'),
        data: JSON.stringify({ type: 'typing', is_typing: true }),
        id: uuid(one),
      })
    room.says(room.joins(minute % 2 === 0 ? 'ann' : 'olga'), 'hello')
    room.now += 130_000
  }
  room.says(room.joins('ann'), 'the last')
  expect([...room.state.budgets.people.keys()].length).toBeLessThanOrEqual(2)
})
