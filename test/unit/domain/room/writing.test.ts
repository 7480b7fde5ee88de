import { describe, expect, test } from 'vitest'
import { FRAME_MAX_BYTES } from '../../../../src/protocol/limits.ts'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import {
  anItem,
  aSnapshot,
  committed,
  messageChange,
  RoomBench,
  roleChange,
  someDetails,
  uuid,
} from './room-builder.ts'

const unknown = { kind: 'unknown' } as const
const notSent = { kind: 'not_sent', code: 'database_busy' } as const

/** Three people spoke in the last call, and hear each other now. */
const threeTogether = () => {
  const room = RoomBench.known({ gather_share: 0.75, gather_ms: 2 })
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  room.says(ann, '1')
  for (const content of ['2', '3', '4']) room.says(bob, content)
  room.writes()
  expect(room.committedItems()).toHaveLength(3)
  room.writes()
  return { room, ann, bob }
}

describe('the queue', () => {
  test('[SEQ-2] one commit is in flight; what is said meanwhile travels together in the next', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')

    room.says(ann, '1')
    room.says(bob, '2')
    room.says(ann, '3')
    expect(room.asked('commit')).toHaveLength(1)
    expect(room.committedItems().map(({ content }) => content)).toEqual(['1'])

    room.writes()
    expect(room.asked('commit')).toHaveLength(2)
    expect(room.committedItems().map(({ content }) => content)).toEqual(['2', '3'])
    expect(room.commit().expected_revision).toBe(2)
  })

  test('[SEQ-6] messages of one connection are written in the order in which they were sent', () => {
    const room = RoomBench.known({ commit_batch_max_count: 2 })
    const ann = room.joins('ann')
    for (const content of ['1', '2', '3', '4', '5', '6']) room.says(ann, content)
    for (let call = 0; call < 4; call += 1) room.writes()

    const written = room.asked('commit').map(({ request }) => request.items)
    expect(written.map((items) => items.length)).toEqual([1, 2, 2, 1])
    const contents = written.flat().map((item) => item.kind === 'message' && item.content)
    expect(contents).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  describe('gathering: after a call of many the room waits a moment for them', () => {
    test('[SEQ-2] enough of them are there: the call starts', () => {
      const { room, ann, bob } = threeTogether()
      room.says(ann, '5')
      expect(room.effects).toContainEqual({ type: 'gather', ms: 2 })
      room.says(bob, '6')
      expect(room.asked('commit')).toHaveLength(2)
      room.says(ann, '7')
      expect(room.committedItems().map(({ content }) => content)).toEqual(['5', '6', '7'])
      room.give({ type: 'gathered' })
      expect(room.asked('commit'), 'a late end of the moment starts no second call').toHaveLength(3)
    })

    test('[SEQ-2] the moment is over: what is there travels, and the next waits for no one', () => {
      const { room, ann } = threeTogether()
      room.says(ann, '5')
      room.give({ type: 'gathered' })
      expect(room.committedItems().map(({ content }) => content)).toEqual(['5'])
      room.writes()
      room.says(ann, '6')
      expect(room.committedItems().map(({ content }) => content)).toEqual(['6'])
    })

    test('[SEQ-2] a room where one speaks at a time never waits', () => {
      const room = RoomBench.known({ gather_share: 0.75 })
      const ann = room.joins('ann')
      for (const content of ['1', '2', '3']) {
        room.says(ann, content)
        room.writes()
      }
      expect(room.asked('commit')).toHaveLength(3)
      expect(room.effects.some(({ type }) => type === 'gather')).toBe(false)
    })
  })

  test('[LIM-4] a call carries no more text than its limit, but always one item', () => {
    const room = RoomBench.known({ commit_batch_max_bytes: 1_000 })
    const ann = room.joins('ann')
    for (const content of ['first', 'a'.repeat(5_000), 'b']) room.says(ann, content)
    room.writes()
    expect(room.commit().items).toHaveLength(1)
  })

  test.each([{ pending_max_count: 2 }, { pending_max_bytes: 900 }])(
    '[LIM-3] a full queue refuses clearly: %o',
    (limits) => {
      const room = RoomBench.known(limits)
      const ann = room.joins('ann')
      for (const content of ['1', '2', '3']) room.says(ann, content)
      expect(room.heardOf(ann, 'error')).toMatchObject([
        { code: 'unavailable', ref: 'c-3', retry_after_ms: 1_000 },
      ])
      room.writes()
      room.says(ann, '4')
      expect(room.heardOf(ann, 'error')).toHaveLength(1)
    },
  )
})

describe('the commit', () => {
  test('[MSG-2] nothing is heard before it; then the sender has an ack and everybody the message', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.listensAfresh()

    room.says(ann, 'hello', { mentions: ['bob', 'stranger'], ref: 'r1' })
    expect(room.heard(ann)).toEqual([])
    expect(room.heard(bob)).toEqual([])

    const [item] = room.committedItems()
    const result = committed(2, { mentions: ['bob'] })
    room.answers({ kind: 'answered', results: [result], changes: [] })

    expect(room.heard(ann).map(({ type }) => type)).toEqual(['ack', 'message'])
    expect(room.heardOf(ann, 'ack')).toEqual([
      {
        type: 'ack',
        client_message_id: 'c-hello',
        message_id: item?.change_id,
        sequence_number: 1,
        revision: 2,
        created_at: result.created_at,
        ref: 'r1',
        dropped_mentions: ['stranger'],
      },
    ])
    expect(room.heard(bob)).toMatchObject([
      { type: 'message', revision: 2, message: { content: 'hello', sender_display_name: 'ANN' } },
    ])
  })

  test('[LIM-4] a message is encoded once, however many hear it', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const others = ['bob', 'eve', 'olga'].map((user_id) => room.joins(user_id))
    room.says(ann, 'hello')
    room.listensAfresh()
    const broadcasts = room.writes().filter(({ type }) => type === 'broadcast')
    expect(broadcasts).toMatchObject([{ sockets: [ann, ...others], texts: [expect.any(String)] }])
  })

  test('[CONN-12] what one call wrote is told together, in the order of revisions', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    for (const content of ['1', '2', '3']) room.says(ann, content)
    room.writes()
    room.listensAfresh()
    room.answers({
      kind: 'answered',
      results: [committed(3), committed(5)],
      changes: [messageChange(4)],
    })
    expect(room.asked('commit')).toEqual([])
    expect(room.effects.filter(({ type }) => type === 'broadcast')).toHaveLength(1)
    expect(room.revisions(bob)).toEqual([3, 4, 5])
  })

  test('[SEQ-2] an item that is refused fails alone, and its sender is told which', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    for (const content of ['0', '1', '2']) room.says(ann, content)
    room.writes()
    room.listensAfresh()
    room.answers({
      kind: 'answered',
      results: [
        { status: 'refused', code: 'not_found', message: 'no such reply_to' },
        committed(3),
      ],
      changes: [],
    })
    expect(room.heardOf(ann, 'error')).toMatchObject([{ code: 'not_found', ref: 'c-1' }])
    expect(room.heardOf(ann, 'ack')).toMatchObject([{ client_message_id: 'c-2', revision: 3 }])
    expect(room.revisions(bob)).toEqual([3])
  })

  test('[MSG-3] a repeat is acked with the first result and told to nobody', () => {
    const room = RoomBench.known({}, aSnapshot({ details: someDetails({ last_revision: 9 }) }))
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.listensAfresh()
    room.says(ann, 'again')
    room.answers({
      kind: 'answered',
      results: [
        {
          status: 'duplicate',
          message_id: uuid(7),
          sequence_number: 4,
          revision: 5,
          created_at: '2026-01-01T00:00:00.000Z',
        },
      ],
      changes: [],
    })
    expect(room.heard(ann)).toMatchObject([{ type: 'ack', message_id: uuid(7), revision: 5 }])
    expect(room.heard(bob)).toEqual([])
  })

  test('[API-8] a REST caller has the same result as a reply', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    const item = anItem('ann')
    room.give({ type: 'submitted', request: 'r', item, is_admin: false })
    expect(room.asked('reply')).toEqual([])
    room.writes()
    expect(room.asked('reply')).toMatchObject([
      { request: 'r', reply: { ok: true, message: { content: 'over REST', revision: 2 } } },
    ])
    expect(room.revisions(bob)).toEqual([2])

    room.give({
      type: 'submitted',
      request: 's',
      item: { ...item, actor_id: 'eve' },
      is_admin: false,
    })
    expect(room.asked('reply').at(-1)?.reply).toMatchObject({
      ok: false,
      refusal: { code: 'forbidden' },
    })
  })

  test('[SEQ-2] commit_mode = group travels with the request', () => {
    const room = RoomBench.known({ commit_in_group: true })
    room.says(room.joins('ann'), 'x')
    expect(room.asked('commit').at(-1)?.request.in_group).toBe(true)
  })
})

test('[LIM-4] the queue weighs nothing once it is empty, whatever became of its items', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  for (const content of ['1', '2']) room.says(ann, content)
  room.writes()
  const refused = { status: 'refused', code: 'forbidden', message: 'no' } as const
  room.answers({ kind: 'answered', results: [refused], changes: [] })
  expect(room.state).toMatchObject({ pending: [], pending_bytes: 0 })
})

describe('other writers', () => {
  test('[SEQ-3] what they did is told first, in order, and each once', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, 'mine')
    room.answers({
      kind: 'answered',
      results: [committed(4)],
      changes: [messageChange(2), messageChange(3)],
    })
    expect(room.revisions(ann)).toEqual([2, 3, 4])
  })

  test('[SEQ-3] a conflict is read up, told, and then the same items are written', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, 'mine')
    room.answers({ kind: 'answered', results: [{ status: 'conflict' }], changes: [] })
    expect(room.asked('read_changes')).toMatchObject([{ purpose: 'catch_up', after: 1 }])

    room.says(ann, 'meanwhile')
    expect(room.asked('commit')).toHaveLength(1)
    room.give({
      type: 'changes_read',
      purpose: 'catch_up',
      chance: 0,
      result: {
        ok: true,
        changes: [messageChange(2), messageChange(3)],
        last_sequence: 2,
        last_revision: 3,
      },
    })
    expect(room.commit().expected_revision).toBe(3)
    expect(room.committedItems().map(({ content }) => content)).toEqual(['mine', 'meanwhile'])
    room.writes()
    expect(room.revisions(ann)).toEqual([2, 3, 4, 5])
  })

  test('[SEQ-3] a gap in the answer is read up before anything after it is told', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, 'mine')
    room.answers({ kind: 'answered', results: [committed(4)], changes: [] })
    expect(room.revisions(ann)).toEqual([])
    const changes = [messageChange(2), messageChange(3), messageChange(4)]
    room.give({
      type: 'changes_read',
      purpose: 'catch_up',
      chance: 0,
      result: { ok: true, changes, last_sequence: 3, last_revision: 4 },
    })
    expect(room.revisions(ann)).toEqual([2, 3, 4])
  })

  test('[SEQ-3] a superseded instance sends everybody to the new one', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.says(ann, 'mine')
    room.answers({ kind: 'answered', results: [{ status: 'superseded' }], changes: [] })
    for (const socket of [ann, bob])
      expect(room.closeOf(socket)).toMatchObject({ code: closeCodes.restart })
    expect(room.state.record.phase).toBe('unknown')
  })

  test('[SEQ-3] a database put back to an earlier time sends everybody away as well', () => {
    const room = RoomBench.known({}, aSnapshot({ details: someDetails({ last_revision: 9 }) }))
    const ann = room.joins('ann')
    room.says(ann, 'mine')
    room.answers({ kind: 'answered', results: [{ status: 'conflict' }], changes: [] })
    room.give({
      type: 'changes_read',
      purpose: 'catch_up',
      chance: 0,
      result: { ok: true, changes: [], last_sequence: 3, last_revision: 4 },
    })
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.restart })
  })

  test('[SEQ-1] a hole in the revisions is not read again and again', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, 'mine')
    room.answers({ kind: 'answered', results: [{ status: 'conflict' }], changes: [] })
    room.give({
      type: 'changes_read',
      purpose: 'catch_up',
      chance: 0,
      result: { ok: true, changes: [], last_sequence: 3, last_revision: 4 },
    })
    expect(room.asked('read_changes')).toHaveLength(1)
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.restart })
  })

  test('[SEQ-3] an instance claims the room with its first commit, and again after it was sent away', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, '1')
    expect(room.commit()).toMatchObject({ owner: room.state.instance, claim: true })
    room.answers(unknown)
    room.passes(100)
    expect(room.commit().claim).toBe(true)
    room.writes()
    room.says(ann, '2')
    expect(room.commit().claim).toBe(false)
    room.answers({ kind: 'answered', results: [{ status: 'superseded' }], changes: [] })
    expect(room.state.pending_bytes).toBe(0)

    const again = room.joins('ann')
    room.loads()
    room.sends(again, { type: 'pong' })
    room.says(again, '3')
    expect(room.commit().claim).toBe(true)
  })

  test('[CONN-8] a room that is gone closes for good', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, 'mine')
    room.answers({ kind: 'answered', results: [{ status: 'room_gone' }], changes: [] })
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.room_gone })
  })
})

describe('a database that does not answer', () => {
  test('[SEQ-4] an unknown outcome is asked again with the same ids and told exactly once', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.says(ann, 'mine')
    const before = room.commit().items
    room.answers(unknown)
    expect(room.heardOf(ann, 'ack')).toEqual([])

    room.passes(100)
    expect(room.commit().items).toEqual(before)
    room.answers({
      kind: 'answered',
      results: [
        {
          status: 'duplicate',
          message_id: uuid(7),
          sequence_number: 1,
          revision: 2,
          created_at: '2026-01-01T00:00:00.000Z',
        },
      ],
      changes: [messageChange(2)],
    })
    expect(room.heardOf(ann, 'ack')).toHaveLength(1)
    expect(room.revisions(bob)).toEqual([2])
  })

  test('[SEQ-4] with nobody left to ack, a read finds out what came of it', () => {
    const room = RoomBench.known({ commit_wait_max_ms: 10, commit_retry_min_ms: 100 })
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.says(ann, 'mine')
    room.passes(20)
    room.answers(unknown)
    expect(room.heardOf(ann, 'error')).toMatchObject([{ code: 'unavailable', ref: 'c-mine' }])
    room.passes(100)
    expect(room.asked('read_changes')).toMatchObject([{ purpose: 'catch_up', after: 1 }])
    room.give({
      type: 'changes_read',
      purpose: 'catch_up',
      chance: 0,
      result: { ok: true, changes: [messageChange(2)], last_sequence: 1, last_revision: 2 },
    })
    expect(room.revisions(bob)).toEqual([2])
  })

  test('[DB-4] it is asked again after pauses that grow', () => {
    const room = RoomBench.known({ commit_wait_max_ms: 60_000 })
    room.says(room.joins('ann'), 'mine')
    const pauses = [0, 1, 2, 3, 4, 5, 6].map(() => {
      room.answers(notSent, 0.999)
      const asked = room.asked('commit').length
      const from = room.now
      while (room.asked('commit').length === asked) room.passes(10)
      return room.now - from
    })
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000])
  })

  test('[LIM-3] after the deadline all that waits is refused, in order, and then what comes', () => {
    const room = RoomBench.known({ commit_wait_max_ms: 5_000 })
    const ann = room.joins('ann')
    room.says(ann, '1')
    room.answers(notSent)
    while (room.heardOf(ann, 'error').length === 0) {
      room.passes(500)
      if (room.state.commit.kind === 'in_flight') room.answers(notSent)
      if (room.now % 2_000 === 0) room.says(ann, `at ${room.now % 10_000}`)
    }
    const refused = room.heardOf(ann, 'error')
    expect(refused.length).toBeGreaterThan(1)
    expect(refused[0]).toMatchObject({ ref: 'c-1', code: 'database_busy' })
    expect(room.state.pending).toEqual([])
    for (const { retry_after_ms } of refused) expect(Number.isInteger(retry_after_ms)).toBe(true)

    room.listensAfresh()
    room.says(ann, 'late')
    expect(room.heardOf(ann, 'error')).toMatchObject([{ ref: 'c-late', code: 'database_busy' }])
  })

  test('[API-7] the time to wait is a whole number, and never shorter than a second', () => {
    for (const pause_ms of [10, 3_000.7]) {
      const limits = { commit_retry_min_ms: pause_ms, commit_retry_max_ms: pause_ms }
      const room = RoomBench.known({ ...limits, commit_wait_max_ms: 0 })
      const ann = room.joins('ann')
      room.says(ann, '1')
      room.answers(notSent, 0.999)
      const [error] = room.heardOf(ann, 'error')
      expect(Number.isInteger(error?.retry_after_ms)).toBe(true)
      expect(error?.retry_after_ms).toBeGreaterThanOrEqual(Math.max(1_000, pause_ms * 0.99))
    }
  })

  test('[LIM-3] it recovers by itself, and the next message goes through', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, '1')
    room.answers(notSent)
    room.passes(10_000)
    room.answers(notSent)
    expect(room.heardOf(ann, 'error')).toHaveLength(1)
    room.passes(10_000)
    const read = { ok: true, changes: [], last_sequence: 0, last_revision: 1 } as const
    room.give({ type: 'changes_read', purpose: 'catch_up', chance: 0, result: read })
    room.says(ann, '2')
    room.writes()
    expect(room.heardOf(ann, 'ack')).toMatchObject([{ client_message_id: 'c-2' }])
  })

  test('[LIM-3] a record that cannot be loaded refuses who waits for it, and asks again', () => {
    const room = new RoomBench()
    const refused = { code: 'unavailable', message: 'no database' } as const
    room.give({
      type: 'connected',
      since_revision: undefined,
      socket: {
        id: 'ann',
        user_id: 'ann',
        display_name: 'ANN',
        is_admin: false,
        batch: false,
        token_expires_at: room.now + 1_000,
      },
    })
    room.give({ type: 'loaded', result: { kind: 'failed', refusal: refused } })
    expect(room.closeOf('ann')).toMatchObject({ code: closeCodes.restart })
    room.give({ type: 'needed' })
    expect(room.asked('load')).toHaveLength(2)
  })

  test('[LIM-4] what waits for the record is bounded', () => {
    const room = RoomBench.known({ pending_max_bytes: FRAME_MAX_BYTES })
    const ann = room.joins('ann')
    room.sleeps()
    const content = 'x'.repeat(15_000)
    for (let count = 0; count < 10; count += 1) room.says(ann, content, { client_message_id: 'r' })
    const refused = room.heardOf(ann, 'error')
    expect(refused[0]).toMatchObject({ code: 'unavailable', ref: 'r' })
    expect(refused.length).toBeLessThan(10)
  })
})

describe('who may write', () => {
  test('[MSG-1] owners, editors and admins; nobody else', () => {
    const room = RoomBench.known()
    room.says(room.joins('olga'), 'as owner')
    room.says(room.joins('ann'), 'as editor')
    room.says(room.joins('root', { is_admin: true }), 'as admin')
    const eve = room.joins('eve')
    room.says(eve, 'as viewer')
    room.writes()
    expect(room.committedItems().map(({ content }) => content)).toEqual(['as editor', 'as admin'])
    expect(room.heardOf(eve, 'error')).toMatchObject([{ code: 'forbidden', ref: 'c-as viewer' }])
  })

  test('[CONN-8] a role that changed is obeyed at the next frame', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const eve = room.joins('eve')
    room.hears(roleChange(2, 'ann', 'viewer'), roleChange(3, 'eve', 'editor'))
    room.says(ann, 'no longer')
    room.says(eve, 'at last')
    expect(room.heardOf(ann, 'error')).toMatchObject([{ code: 'forbidden' }])
    expect(room.committedItems().map(({ content }) => content)).toEqual(['at last'])
  })
})
