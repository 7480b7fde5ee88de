import { describe, expect, test } from 'vitest'
import type { ItemResult } from '../../../../src/domain/room/commit.ts'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import {
  aSnapshot,
  committed,
  messageChange,
  posted,
  RoomBench,
  someDetails,
  uuid,
} from './room-builder.ts'

const unknown = { kind: 'unknown' } as const
const notSent = { kind: 'not_sent', code: 'database_busy' } as const
const answered = (results: readonly ItemResult[]) =>
  ({ kind: 'answered', results, changes: [] }) as const

/** The lanes of the calls so far, in order. */
const lanes = (room: RoomBench): string =>
  room.effects
    .flatMap(({ type }) => (type === 'commit' ? ['s'] : type === 'commit_burst' ? ['b'] : []))
    .join('')

const contents = (room: RoomBench) => room.committedItems().map(({ content }) => content)

const duplicate = (revision: number): ItemResult => ({
  status: 'duplicate',
  message_id: uuid(7),
  sequence_number: revision - 1,
  revision,
  created_at: '2026-01-01T00:00:00.000Z',
})

describe('one burst', () => {
  test('[DISP-7] travels in one call, is told in one broadcast, and answered once', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.listensAfresh()
    room.posts('r', posted('1'), posted('2', { actor_id: 'bob' }), posted('3'))
    expect(lanes(room)).toBe('b')
    expect(room.commit()).toMatchObject({
      owner: room.state.instance,
      claim: true,
      expected_revision: 1,
    })
    expect(contents(room)).toEqual(['1', '2', '3'])
    expect(room.burstReplies()).toEqual({})
    expect(room.heard(ann)).toEqual([])

    room.writes()
    expect(room.asked('commit_burst')).toHaveLength(1)
    expect(room.effects.filter(({ type }) => type === 'broadcast')).toHaveLength(1)
    for (const socket of [ann, bob]) {
      expect(room.revisions(socket)).toEqual([2, 3, 4])
      expect(room.heardOf(socket, 'ack')).toEqual([])
    }
    expect(room.burstReplies()).toEqual({
      r: { ok: true, results: [committed(2), committed(3), committed(4)], level: 0 },
    })
    room.says(ann, 'next')
    expect(room.commit()).toMatchObject({ claim: false, expected_revision: 4 })
  })

  test('[MSG-2] people hear of it before its sender does', () => {
    const room = RoomBench.known()
    room.joins('ann')
    room.posts('r', posted('1'))
    const types = room.writes().map(({ type }) => type)
    expect(types.indexOf('broadcast')).toBeLessThan(types.indexOf('burst_reply'))
  })

  test('[MSG-10] its words mention people and are found like any others', () => {
    const room = RoomBench.known()
    room.posts('r', posted('hot @bob'), posted('all @channel', { actor_id: 'olga' }), posted('3'))
    expect(room.committedItems()).toMatchObject([
      { mentions: ['bob'], search: expect.stringContaining("'hot'") },
      { mentions: ['ann', 'bob', 'eve'] },
      { mentions: [], search: "'3'" },
    ])
  })

  test('[DISP-11] what is refused fails alone; a repeat is told to nobody', () => {
    const room = RoomBench.known({}, aSnapshot({ details: someDetails({ last_revision: 9 }) }))
    const ann = room.joins('ann')
    room.posts('r', posted('again'), posted('poison'), posted('new'))
    const results = [
      duplicate(5),
      { status: 'refused', code: 'forbidden', message: 'no' } as const,
      committed(10),
    ]
    room.answers(answered(results))
    expect(room.revisions(ann)).toEqual([10])
    expect(room.heardOf(ann, 'error')).toEqual([])
    expect(room.burstReplies()).toEqual({ r: { ok: true, results, level: 0 } })
  })

  test('an empty one is answered at once', () => {
    const room = RoomBench.known()
    room.posts('r')
    expect(room.burstReplies()).toEqual({ r: { ok: true, results: [], level: 0 } })
    expect(lanes(room)).toBe('')
  })

  test.each([{ burst_batch_max_count: 2 }, { burst_batch_max_bytes: 900 }])(
    '[DISP-7] a large one is split over calls and answered once: %o',
    (limits) => {
      const room = RoomBench.known(limits)
      const ann = room.joins('ann')
      room.posts('r', ...['1', '2', '3', '4', '5'].map((content) => posted(content)))
      expect(contents(room)).toEqual(['1', '2'])
      room.writes()
      expect(contents(room)).toEqual(['3', '4'])
      expect(room.burstReplies()).toEqual({})
      room.writes()
      expect(contents(room)).toEqual(['5'])
      room.writes()
      expect(lanes(room)).toBe('bbb')
      expect(room.revisions(ann)).toEqual([2, 3, 4, 5, 6])
      expect(room.burstReplies()).toMatchObject({
        r: { ok: true, results: [2, 3, 4, 5, 6].map((revision) => ({ revision })) },
      })
      expect(room.state.bursts).toMatchObject({ waiting: [], bytes: 0 })
    },
  )

  test('[DISP-7] one that weighs more than a call goes alone', () => {
    const room = RoomBench.known({ burst_batch_max_bytes: 1_000 })
    room.posts('r', posted('1'), posted('x'.repeat(5_000)), posted('3'))
    const counts = [0, 1, 2].map(() => {
      const { length } = room.commit().items
      room.writes()
      return length
    })
    expect(counts).toEqual([1, 1, 1])
  })
})

describe('both lanes', () => {
  test('[SEQ-2] one call is in flight, whichever lane it is of', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, 'mine')
    room.posts('r', posted('1'))
    expect(lanes(room)).toBe('s')
    room.writes()
    expect(lanes(room)).toBe('sb')
    room.says(ann, 'mine too')
    expect(lanes(room)).toBe('sb')
    room.writes()
    room.writes()
    expect(lanes(room)).toBe('sbs')
    expect(room.revisions(ann)).toEqual([2, 3, 4])
    expect(room.heardOf(ann, 'ack').map(({ revision }) => revision)).toEqual([2, 4])
  })

  test('[DISP-7] where both wait they take turns, so that neither starves', () => {
    const room = RoomBench.known({ burst_batch_max_count: 1, commit_batch_max_count: 1 })
    const ann = room.joins('ann')
    room.posts('r', ...['1', '2', '3'].map((content) => posted(content)))
    for (const content of ['a', 'b', 'c', 'd', 'e']) room.says(ann, content)
    for (let call = 0; call < 8; call += 1) room.writes()
    expect(lanes(room)).toBe('bsbsbsss')
  })

  test('[DISP-7] a burst does not wait for the patience of those who speak', () => {
    const room = RoomBench.known({ gather_share: 0.75, gather_ms: 2 })
    const ann = room.joins('ann')
    for (const content of ['1', '2', '3', '4']) room.says(ann, content)
    room.writes()
    room.writes()
    room.says(ann, 'alone')
    expect(room.state.commit.kind).toBe('gathering')
    room.posts('r', posted('burst'))
    expect(lanes(room)).toBe('ssb')
    // What the patience was for comes after it, without more of it.
    room.give({ type: 'gathered' })
    room.writes()
    expect(contents(room)).toEqual(['alone'])
  })

  test('[SEQ-3] what other writers did is told first, in order', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.posts('r', posted('1'))
    room.answers({
      kind: 'answered',
      results: [committed(4)],
      changes: [messageChange(2), messageChange(3)],
    })
    expect(room.revisions(ann)).toEqual([2, 3, 4])
  })
})

/** What a socket hears of the load while thirty calls take three seconds each. */
const loadTold = (write: (room: RoomBench, ann: string, call: number) => void) => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  for (let call = 0; call < 30; call += 1) {
    write(room, ann, call)
    room.passes(3_000)
    room.sends(ann, { type: 'pong' })
    room.writes()
  }
  return room.heardOf(ann, 'degraded')
}

describe('[LIM-2] a burst and the load', () => {
  test('the reply says how the room fares, so that the buffer sends less', () => {
    const room = RoomBench.known()
    room.posts('r', posted('1'))
    room.answers({ kind: 'answered', results: [committed(2)], changes: [], level: 5 })
    room.posts('s', posted('2'))
    room.writes()
    expect(room.burstReplies()).toMatchObject({ s: { ok: true, level: 5 } })
  })

  test('its calls take long because they carry much: nothing is left out for that', () => {
    expect(loadTold((room, _, call) => room.posts(`r${call}`, posted(`${call}`)))).toEqual([])
    const control = loadTold((room, ann, call) => room.says(ann, `${call}`))
    expect(control).toContainEqual(expect.objectContaining({ database: 'away' }))
    expect(control.some(({ level }) => level > 0)).toBe(true)
  })
})

describe('the queue of bursts', () => {
  test.each([{ burst_pending_max_count: 2 }, { burst_pending_max_bytes: 1_000 }])(
    '[DISP-3] [LIM-4] is bounded: %o',
    (limits) => {
      const room = RoomBench.known(limits)
      for (const request of ['r', 's', 't']) room.posts(request, posted(request))
      expect(room.burstReplies()).toEqual({
        t: {
          ok: false,
          refusal: {
            code: 'unavailable',
            message: expect.any(String),
            retry_after_ms: room.state.settings.burst_pause_ms,
          },
        },
      })
      room.writes()
      room.posts('u', posted('u'))
      room.writes()
      room.writes()
      expect(room.burstReplies()).toMatchObject({
        r: { ok: true },
        s: { ok: true },
        u: { ok: true },
      })
      expect(room.state.bursts).toMatchObject({ waiting: [], bytes: 0 })
    },
  )

  test('[DISP-3] one alone is taken in whatever its size: it could never come otherwise', () => {
    const room = RoomBench.known({ burst_pending_max_bytes: 1_000 })
    room.posts('r', posted('x'.repeat(5_000)))
    room.writes()
    expect(room.burstReplies()).toMatchObject({ r: { ok: true } })
  })
})

describe('a burst that is not settled is answered so, and may be sent again', () => {
  test.each([
    ['not sent', notSent, 'database_busy'],
    ['unknown', unknown, 'unavailable'],
  ])(
    '[SEQ-4] the outcome is %s: all that wait are answered, then the room asks',
    (_, outcome, code) => {
      const room = RoomBench.known()
      const ann = room.joins('ann')
      room.posts('r', posted('1'))
      room.posts('s', posted('2'))
      room.answers(outcome)
      expect(room.burstReplies()).toMatchObject({
        r: { ok: false, refusal: { code, retry_after_ms: expect.any(Number) } },
        s: { ok: false },
      })
      expect(room.state.bursts).toMatchObject({ waiting: [], bytes: 0 })
      room.posts('t', posted('3'))
      expect(room.burstReplies()).toMatchObject({ t: { ok: false, refusal: { code } } })
      expect(lanes(room)).toBe('b')

      // Nothing waits to be written: a read finds out what came of it, and everybody hears.
      room.passes(100)
      expect(room.asked('read_changes')).toMatchObject([{ purpose: 'catch_up', after: 1 }])
      const changes = [messageChange(2, { message_id: posted('1').change_id })]
      room.give({
        type: 'changes_read',
        purpose: 'catch_up',
        chance: 0,
        result: { ok: true, changes, last_sequence: 1, last_revision: 2 },
      })
      expect(room.revisions(ann)).toEqual([2])

      room.posts('r again', posted('1'))
      expect(room.commit().expected_revision).toBe(2)
      room.answers(answered([duplicate(2)]))
      expect(room.revisions(ann)).toEqual([2])
      expect(room.burstReplies()).toMatchObject({ 'r again': { ok: true } })
    },
  )

  test('[SEQ-4] what people say meanwhile finds out as well, and comes after it', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.posts('r', posted('1'))
    room.says(ann, 'mine')
    room.answers(unknown)
    room.passes(100)
    expect(contents(room)).toEqual(['mine'])
    room.answers({ kind: 'answered', results: [committed(3)], changes: [messageChange(2)] })
    expect(room.revisions(ann)).toEqual([2, 3])
  })

  test('[SEQ-4] an unknown outcome of what people say takes along the bursts that wait', () => {
    const room = RoomBench.known()
    room.says(room.joins('ann'), 'mine')
    room.posts('r', posted('1'))
    room.answers(unknown)
    expect(room.burstReplies()).toMatchObject({ r: { ok: false } })
  })

  test('[SEQ-3] a conflict: the room reads up; another burst that waited goes after it', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.posts('r', posted('1'))
    room.posts('s', posted('2'))
    room.answers(answered([{ status: 'conflict' }]))
    expect(room.burstReplies()).toMatchObject({
      r: { ok: false, refusal: { code: 'unavailable', retry_after_ms: 0 } },
    })
    const changes = [messageChange(2), messageChange(3)]
    const result = { ok: true, changes, last_sequence: 2, last_revision: 3 } as const
    room.give({ type: 'changes_read', purpose: 'catch_up', chance: 0, result })
    expect(contents(room)).toEqual(['2'])
    room.writes()
    expect(room.revisions(ann)).toEqual([2, 3, 4])
  })

  test('[SEQ-3] what was settled before a conflict is told, and the whole burst comes again', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.posts('r', posted('1'), posted('2'))
    room.answers(answered([committed(2), { status: 'conflict' }]))
    expect(room.revisions(ann)).toEqual([2])
    expect(room.burstReplies()).toMatchObject({ r: { ok: false } })
  })

  test('[SEQ-3] a superseded instance sends bursts and people to the new one', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.posts('r', posted('1'))
    room.posts('s', posted('2'))
    room.answers(answered([{ status: 'superseded' }]))
    expect(room.burstReplies()).toMatchObject({ r: { ok: false }, s: { ok: false } })
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.restart })
    expect(room.state.bursts).toMatchObject({ waiting: [], bytes: 0 })

    room.posts('r again', posted('1'))
    room.loads()
    expect(room.commit().claim).toBe(true)
  })

  test('[CONN-8] of a room that is gone, and of one that never was', () => {
    const gone = RoomBench.known()
    gone.posts('r', posted('1'))
    gone.posts('s', posted('2'))
    gone.answers(answered([{ status: 'room_gone' }]))
    expect(gone.burstReplies()).toMatchObject({
      r: { ok: false },
      s: { ok: false, refusal: { code: 'not_found' } },
    })
    const never = new RoomBench()
    never.posts('r', posted('1'))
    never.give({ type: 'loaded', result: { kind: 'not_found' } })
    expect(never.burstReplies()).toMatchObject({ r: { ok: false, refusal: { code: 'not_found' } } })
  })

  test('an answer that leaves items out settles nothing more, and goes not round and round', () => {
    const room = RoomBench.known()
    room.posts('r', posted('1'), posted('2'))
    room.answers(answered([]))
    expect(room.burstReplies()).toMatchObject({ r: { ok: false } })
    expect(lanes(room)).toBe('b')
  })
})

describe('a room that slept', () => {
  test('[DISP-7] loads its record once for the bursts that wake it, and keeps their order', () => {
    const room = new RoomBench()
    room.posts('r', posted('1'))
    room.posts('s', posted('2'))
    expect(room.asked('load')).toHaveLength(1)
    expect(lanes(room)).toBe('')
    room.loads()
    room.writes()
    room.writes()
    expect(Object.keys(room.burstReplies())).toEqual(['r', 's'])
  })

  test('[LIM-4] what waits for the record weighs something', () => {
    const room = new RoomBench({ pending_max_bytes: 1_000 })
    for (const request of ['r', 's', 't']) room.posts(request, posted(request))
    expect(room.burstReplies()).toMatchObject({
      t: { ok: false, refusal: { code: 'unavailable' } },
    })
  })

  test('[DB-4] a record that cannot be loaded answers the burst', () => {
    const room = new RoomBench()
    room.posts('r', posted('1'))
    const refusal = { code: 'unavailable', message: 'away', retry_after_ms: 5 } as const
    room.give({ type: 'loaded', result: { kind: 'failed', refusal } })
    expect(room.burstReplies()).toEqual({ r: { ok: false, refusal } })
  })

  test('[SEQ-4] with a burst in flight: its sockets stay, hear of it after the wake, and the repeat of nothing', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.posts('r', posted('1'))
    expect(room.attachments.get(ann)?.room).toMatchObject({ writing: false })
    room.sleeps()
    room.posts('r again', posted('1'))
    const snapshot = aSnapshot({
      details: someDetails({ last_revision: 2, last_sequence: 1 }),
      recent: [messageChange(2)],
    })
    room.loads(snapshot)
    room.answers(answered([duplicate(2)]))
    expect(room.closeOf(ann)).toBeUndefined()
    expect(room.revisions(ann)).toEqual([2])
    expect(room.burstReplies()).toMatchObject({ 'r again': { ok: true } })
  })

  test('[SEQ-6] control: with something said behind the burst its sockets start again', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.posts('r', posted('1'))
    room.says(ann, 'mine')
    expect(room.attachments.get(ann)?.room).toMatchObject({ writing: true })
    room.sleeps()
    room.give({ type: 'tick' })
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.restart })
  })
})

describe('10,000 messages at once, with the settings as they are', () => {
  test('[CONN-10] [DISP-7] nobody who reads is sent away: who watches, and who joins meanwhile', () => {
    const room = RoomBench.known()
    const [ann, eve] = [room.joins('ann'), room.joins('eve')]
    const joining: string[] = []
    const content = 'Sensor 12 on line 3 reports 81.4 degrees. '.repeat(4)
    for (let call = 0; call < 20; call += 1) {
      room.posts(
        `r${call}`,
        ...Array.from({ length: 500 }, (_, index) => posted(`${call} ${index} ${content}`)),
      )
      while (room.state.commit.kind === 'in_flight') room.writes()
      room.passes(40)
      // Ann reads at once; eve is two calls behind, which is some 600 KB.
      if (room.heardOf(ann, 'ping').length > 0) room.sends(ann, { type: 'pong' })
      if (call % 3 === 2) room.sends(eve, { type: 'pong' })
      if (call < 15) joining.push(room.joins('bob', { stays_greeting: true }))
      if (call < 15) joining.push(room.joins('olga', { since_revision: 1 }))
      if (call > 4)
        for (const { socket, upto } of room.asked('read_messages'))
          room.give({ type: 'messages_read', socket, upto, messages: [] })
    }
    room.passes(1_000)
    for (const socket of [ann, eve, ...joining]) expect(room.closeOf(socket)).toBeUndefined()
    expect(room.revisions(ann)).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 2))
    for (const socket of joining) expect(room.revisions(socket).at(-1)).toBe(10_001)
  })
})
