/** What the room leaves out under pressure (LIM-2), and what it says of a database that is away. */
import { describe, expect, test } from 'vitest'
import { pressureSettings } from '../../../../src/domain/limits/pressure-settings.ts'
import { nextWake } from '../../../../src/domain/room/next-wake.ts'
import { committed, messageChange, removal, RoomBench } from './room-builder.ts'

const cut = { kind: 'not_sent', code: 'unavailable', circuit: 'open' } as const

/** The next commit is answered, and the gateway says how it fares. */
const answersWith = (room: RoomBench, level: number) => {
  const { items, expected_revision } = room.commit()
  const results = items.map((_, index) => committed(expected_revision + 1 + index))
  room.answers({ kind: 'answered', results, changes: [], level })
}

const withLevel = (level: number, settings: ConstructorParameters<typeof RoomBench>[0] = {}) => {
  const room = RoomBench.known(settings)
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  room.says(ann, 'how do you do?')
  answersWith(room, level)
  return { room, ann, bob }
}

const reads = (room: RoomBench, socket: string, sequence_number: number) =>
  room.sends(socket, { type: 'read', sequence_number })

/** The gateway's word fades, then level by level. */
const recoveryMs = 5_000 + 6 * pressureSettings.stay_ms

const conditions = (room: RoomBench, socket: string) =>
  room.heardOf(socket, 'degraded').map(({ level, database }) => `${level} ${database}`)

describe('the level', () => {
  test('[LIM-2] what the gateway says is told to every socket, once', () => {
    const { room, ann, bob } = withLevel(3)
    const eve = room.joins('eve', { stays_greeting: true })
    expect(room.heardOf(bob, 'degraded')).toEqual([
      {
        type: 'degraded',
        level: 3,
        paused: ['typing', 'presence', 'read_marks'],
        database: 'reachable',
      },
    ])
    room.says(ann, 'still?')
    answersWith(room, 3)
    expect(conditions(room, ann)).toEqual(['3 reachable'])
    expect(
      room
        .heard(eve)
        .map(({ type }) => type)
        .slice(0, 2),
    ).toEqual(['welcome', 'degraded'])
  })

  test('[LIM-2] whoever joins a room that fares well hears nothing of it', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    expect(room.heardOf(ann, 'degraded')).toEqual([])
  })

  test('[LIM-2] it comes down by itself, one level at a time, and then the room wakes no more', () => {
    const { room, bob } = withLevel(3)
    room.passes(recoveryMs)
    expect(conditions(room, bob)).toEqual([
      ...['3 reachable', '2 reachable', '1 reachable', '0 reachable'],
    ])
    room.leaves('ann-1')
    room.leaves(bob)
    room.passes(60_000)
    expect(nextWake(room.state)).toBeUndefined()
  })

  test('[LIM-2] a queue that grows old raises it while its call is under way', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.says(ann, 'one')
    room.passes(4_500)
    expect(conditions(room, bob)).toEqual([
      ...['0 away', '1 away', '2 away', '3 away', '4 away', '5 away'],
    ])
  })

  test('[LIM-2] so does one that grows large', () => {
    const room = RoomBench.known({ pending_max_count: 100 })
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    for (let count = 0; count < 80; count += 1) room.says(ann, `message ${count}`)
    const levels = room.heardOf(bob, 'degraded').map(({ level }) => level)
    expect(levels).toEqual([1, 2, 3, 4, 5])
  })

  test('[LIM-2] messages go on at the highest level', () => {
    const { room, ann, bob } = withLevel(5)
    room.says(ann, 'still here')
    answersWith(room, 5)
    expect(room.revisions(bob)).toEqual([2, 3])
    expect(room.heardOf(ann, 'ack')).toHaveLength(2)
  })

  test.each([false, true])('[LIM-2] evicted: %s; what was told is taken back', (isEvicted) => {
    const { room, ann, bob } = withLevel(2)
    if (isEvicted) room.sleeps()
    room.listensAfresh()
    room.sends(ann, { type: 'pong' })
    if (isEvicted) expect(conditions(room, bob)).toEqual(['0 reachable'])
    else expect(conditions(room, bob)).toEqual([])
    room.passes(recoveryMs)
    expect(conditions(room, bob).at(-1)).toBe('0 reachable')
  })
})

describe('typing, from level 1 on', () => {
  test('[LIM-2] is neither told nor answered', () => {
    const { room, ann, bob } = withLevel(1)
    room.listensAfresh()
    room.sends(ann, { type: 'typing', is_typing: true })
    room.passes(2_000)
    expect(room.heardOf(bob, 'typing')).toEqual([])
    expect(room.heard(ann)).toEqual([])
  })

  test('[LIM-2] control: at level 0 it is told', () => {
    const { room, ann, bob } = withLevel(0)
    room.sends(ann, { type: 'typing', is_typing: true })
    room.passes(600)
    expect(room.heardOf(bob, 'typing')).toHaveLength(1)
  })

  test('[LIM-2] who was typing is forgotten, and typing comes back with the level', () => {
    const { room, ann, bob } = withLevel(0)
    room.sends(bob, { type: 'typing', is_typing: true })
    room.passes(600)
    room.says(ann, 'more')
    answersWith(room, 1)
    expect(room.state.typing.size).toBe(0)
    room.passes(recoveryMs)
    room.listensAfresh()
    room.sends(bob, { type: 'typing', is_typing: true })
    room.passes(600)
    expect(room.heardOf(ann, 'typing').at(-1)?.user_ids).toEqual(['bob'])
  })
})

describe('presence detail, from level 2 on', () => {
  test('[LIM-2] only the count is told, and idle or active not at all', () => {
    const { room, ann, bob } = withLevel(2)
    room.listensAfresh()
    room.joins('eve')
    room.sends(bob, { type: 'presence', state: 'idle' })
    room.passes(1_000)
    expect(room.comings(ann)).toEqual([])
    expect(room.heardOf(ann, 'presence')).toEqual([
      { type: 'presence', online: [], online_count: 3 },
    ])
    room.sends(bob, { type: 'presence', state: 'active' })
    room.passes(1_000)
    expect(room.heardOf(ann, 'presence')).toHaveLength(1)
  })

  test('[LIM-2] afterwards the lists are whole again', () => {
    const { room, ann, bob } = withLevel(2)
    room.joins('eve')
    room.sends(bob, { type: 'presence', state: 'idle' })
    room.passes(recoveryMs)
    const { online } = room.heardOf(ann, 'presence').at(-1) ?? { online: [] }
    expect(online.map(({ user_id, state }) => `${user_id} ${state}`)).toEqual([
      ...['ann active', 'bob idle', 'eve active'],
    ])
  })

  test('[LIM-2] somebody who is removed is still gone at once', () => {
    const { room, ann } = withLevel(2)
    const eve = room.joins('eve')
    room.hears(messageChange(3), removal(4, 'eve'))
    expect(room.closeOf(eve)?.code).toBe(4403)
    room.passes(1_000)
    expect(room.heardOf(ann, 'presence').at(-1)?.online_count).toBe(2)
  })
})

describe('read marks, from level 3 on', () => {
  const people = ['ann', 'bob', 'eve', 'olga']

  test.each([false, true])(
    '[LIM-2] [INBOX-2] evicted: %s; put off, and none is lost',
    (evicted) => {
      const { room } = withLevel(3)
      // More than an attachment carries.
      const readers = [...people, ...Array.from({ length: 10 }, (_, index) => `user-${index}`)]
      const sockets = readers.map((user_id) => room.joins(user_id))
      for (const socket of sockets) reads(room, socket, 1)
      room.passes(2_000)
      expect(room.asked('move_marks')).toEqual([])
      if (evicted) {
        room.sleeps()
        room.sends(sockets[0] ?? '', { type: 'pong' })
      } else room.passes(recoveryMs)
      room.passes(1_000)
      const [written] = room.asked('move_marks')
      expect(written?.marks.map(([user_id]) => user_id).toSorted()).toEqual(readers.toSorted())
      const moved = readers.map((user_id) => ({
        ...{ user_id, read_sequence: 1, unread_count: 0, mention_count: 0, revision: 2 },
      }))
      room.give({ type: 'marks_moved', asked: written?.marks ?? [], moved })
      expect(room.keptMarks).toEqual([])
    },
  )

  test('[LIM-2] control: at level 2 they are written', () => {
    const { room, bob } = withLevel(2)
    reads(room, bob, 1)
    room.passes(1_000)
    expect(room.asked('move_marks')).toHaveLength(1)
  })

  test('[LIM-2] those that moved by another way are told later', () => {
    const { room, ann } = withLevel(3)
    const moved = [
      { user_id: 'bob', read_sequence: 1, unread_count: 0, mention_count: 0, revision: 2 },
    ]
    room.give({ type: 'marks_moved', asked: [['bob', 1]], moved })
    room.passes(2_000)
    expect(room.heardOf(ann, 'read_marks')).toEqual([])
    room.passes(recoveryMs)
    expect(room.heardOf(ann, 'read_marks')).toHaveLength(1)
  })

  test('[LIM-2] a gateway that puts them off is not asked again at once', () => {
    const { room, bob } = withLevel(0)
    reads(room, bob, 1)
    const [asked] = room.asked('move_marks')
    room.give({ type: 'marks_moved', asked: asked?.marks ?? [], moved: undefined })
    room.passes(4_900)
    expect(room.asked('move_marks')).toHaveLength(1)
    room.passes(200)
    expect(room.asked('move_marks')).toHaveLength(2)
  })
})

describe('the database is away', () => {
  test('[LIM-3] a call without an answer for a second: told while it is still under way', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.says(ann, 'one')
    room.passes(900)
    expect(conditions(room, bob)).toEqual([])
    room.passes(200)
    expect(conditions(room, bob)).toEqual(['0 away'])
    room.writes()
    expect(conditions(room, bob)).toEqual(['0 away', '0 reachable'])
    expect(room.revisions(bob)).toEqual([2])
  })

  test('[LIM-3] the gateway knows it: told at once, and that it is back with the first answer', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.says(ann, 'one')
    room.answers(cut)
    expect(conditions(room, bob)).toEqual(['0 away'])
    const eve = room.joins('eve')
    expect(conditions(room, eve)).toEqual(['0 away'])
    room.passes(200)
    room.writes()
    expect(conditions(room, bob)).toEqual(['0 away', '0 reachable'])
  })

  test('[LIM-3] senders were told that it failed; a read finds it back, and then nobody asks more', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.says(ann, 'one')
    for (let attempt = 0; attempt < 20 && room.heardOf(ann, 'error').length === 0; attempt += 1) {
      room.answers(cut)
      room.passes(2_000)
    }
    expect(room.heardOf(ann, 'error')).toMatchObject([{ code: 'unavailable' }])
    room.passes(2_000)
    const result = { ok: true, changes: [], last_sequence: 0, last_revision: 1 } as const
    room.give({ type: 'changes_read', purpose: 'catch_up', result, chance: 0 })
    expect(conditions(room, bob).at(-1)).toContain('reachable')
    room.passes(recoveryMs)
    expect(conditions(room, bob).at(-1)).toBe('0 reachable')
    room.listensAfresh()
    room.passes(25_000)
    expect(room.asked('read_changes')).toEqual([])
    expect(room.asked('commit')).toEqual([])
  })

  test('[LIM-3] a room that nobody writes to asks nothing and wakes for its heartbeat alone', () => {
    const room = RoomBench.known()
    room.joins('ann')
    room.passes(29_000)
    room.listensAfresh()
    expect(nextWake(room.state)).toBe(room.state.beat.next_at)
  })

  test('[LIM-3] a busy room looks at its calls twice a second, however many there are', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    for (let count = 0; count < 200; count += 1) {
      room.says(ann, `message ${count}`)
      room.passes(10)
      room.writes()
    }
    expect(room.asked('look_again').length).toBeLessThanOrEqual(5)
  })
})
