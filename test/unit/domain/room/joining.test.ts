import { describe, expect, test } from 'vitest'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import type { RoomSettings } from '../../../../src/domain/room/settings.ts'
import type { Change } from '../../../../src/protocol/change.ts'
import { aMessage, aSnapshot, messageChange, RoomBench, someDetails } from './room-builder.ts'

const changes = (after: number, upto: number): Change[] =>
  Array.from({ length: upto - after }, (_, index) => messageChange(after + 1 + index))

/** A room at revision 10 that remembers the last `remembered` changes. */
const roomAtTen = (remembered: number, settings: Partial<RoomSettings> = {}): RoomBench =>
  RoomBench.known(
    settings,
    aSnapshot({
      details: someDetails({ last_sequence: 9, last_revision: 10 }),
      recent: changes(10 - remembered, 10),
    }),
  )

const answerReplay = (room: RoomBench, after: number, upto: number) =>
  room.give({
    type: 'changes_read',
    purpose: 'replay',
    chance: 0,
    result: {
      ok: true,
      changes: changes(after, upto),
      last_sequence: upto - 1,
      last_revision: upto,
    },
  })

const kinds = (room: RoomBench, socket: string) => room.heard(socket).map(({ type }) => type)

describe('the welcome', () => {
  test('[CONN-3] it comes first and gives the position, also in a silent room', () => {
    const room = roomAtTen(0)
    room.joins('bob')
    const ann = room.joins('ann', { stays_greeting: true })
    expect(room.heard(ann)).toMatchObject([
      {
        type: 'welcome',
        protocol_version: 1,
        role: 'editor',
        last_sequence: 9,
        last_revision: 10,
        online_count: 2,
        server_time: '2026-01-01T00:00:00.000Z',
        room: { title: 'Line 3 stopped', last_revision: 10 },
      },
    ])
  })

  test('[CONN-3] an admin who is no member has no role', () => {
    const room = roomAtTen(0)
    const root = room.joins('root', { is_admin: true })
    expect(room.heardOf(root, 'welcome')).toMatchObject([{ role: null }])
  })

  test('[CONN-4] who joins while the record is loading is welcomed once it is there', () => {
    const room = new RoomBench()
    const ann = room.joins('ann', { stays_greeting: true })
    const bob = room.joins('bob', { stays_greeting: true })
    expect(room.asked('load')).toHaveLength(1)
    expect(room.heard(ann)).toEqual([])
    room.leaves(bob)
    room.loads()
    expect(kinds(room, ann)).toContain('welcome')
    expect([...room.state.sockets.keys()]).toEqual([ann])
  })
})

describe('the first moment', () => {
  test('[CONN-4] changes are held until the first frame shows that no resume follows', () => {
    const room = roomAtTen(0)
    const ann = room.joins('ann', { stays_greeting: true })
    const bob = room.joins('bob')
    room.says(bob, 'x')
    room.writes()
    expect(room.revisions(ann)).toEqual([])
    expect(room.revisions(bob)).toEqual([11])
    room.sends(ann, { type: 'typing', is_typing: true })
    expect(room.revisions(ann)).toEqual([11])
  })

  test('[CONN-4] … or until the moment is over, by itself', () => {
    const room = roomAtTen(0)
    const ann = room.joins('ann', { stays_greeting: true })
    room.says(room.joins('bob'), 'x')
    room.writes()
    room.passes(999)
    expect(room.revisions(ann)).toEqual([])
    room.passes(1)
    expect(room.revisions(ann)).toEqual([11])
  })
})

describe.each(['in the URL', 'in the first frame'])('a resume %s', (where) => {
  const comesBack = (room: RoomBench, since_revision: number): string => {
    if (where === 'in the URL') return room.joins('ann', { since_revision })
    const ann = room.joins('ann', { stays_greeting: true })
    room.sends(ann, { type: 'resume', since_revision })
    return ann
  }

  test('[CONN-5] from memory: every later change, then the end of the replay', () => {
    const room = roomAtTen(5)
    const ann = comesBack(room, 7)
    expect(room.asked('read_changes')).toEqual([])
    expect(room.revisions(ann)).toEqual([8, 9, 10])
    expect(room.heard(ann).at(-1)).toEqual({
      type: 'resumed',
      recovered: true,
      from_revision: 7,
      to_revision: 10,
    })
  })

  test('[CONN-5] with nothing missed it is told so', () => {
    const room = roomAtTen(0)
    const ann = comesBack(room, 10)
    expect(room.revisions(ann)).toEqual([])
    expect(room.heardOf(ann, 'resumed')).toMatchObject([{ recovered: true, to_revision: 10 }])
  })

  test('[CONN-4] from a read, while live changes are held and follow in order, each once', () => {
    const room = roomAtTen(2)
    const bob = room.joins('bob')
    const ann = comesBack(room, 3)
    expect(room.asked('read_changes')).toMatchObject([{ purpose: 'replay', after: 3, upto: 10 }])
    room.says(bob, 'meanwhile')
    room.writes()
    expect(room.revisions(ann)).toEqual([])

    answerReplay(room, 3, 10)
    expect(room.revisions(ann)).toEqual([4, 5, 6, 7, 8, 9, 10, 11])
    const ended = kinds(room, ann).indexOf('resumed')
    expect(room.heard(ann)[ended + 1]).toMatchObject({ type: 'message', revision: 11 })

    room.says(bob, 'after')
    room.writes()
    expect(room.revisions(ann).at(-1)).toBe(12)
  })

  test('[CONN-5] a gap that is too wide: told so, a snapshot, then what is live', () => {
    const room = roomAtTen(0, { resume_max_changes: 5, snapshot_message_count: 2 })
    const bob = room.joins('bob')
    const ann = comesBack(room, 4)
    expect(room.heardOf(ann, 'resumed')).toEqual([
      { type: 'resumed', recovered: false, from_revision: 4, to_revision: 10 },
    ])
    expect(room.asked('read_messages')).toMatchObject([{ socket: ann, upto: 10, limit: 2 }])

    room.says(bob, 'meanwhile')
    room.writes()
    room.give({
      type: 'messages_read',
      socket: ann,
      upto: 10,
      messages: [aMessage(10), aMessage(9)],
    })
    expect(room.heardOf(ann, 'snapshot')).toMatchObject([
      { revision: 10, room: { last_revision: 10, last_sequence: 9 }, members: { length: 4 } },
    ])
    expect(room.revisions(ann)).toEqual([11])
    expect(kinds(room, ann).indexOf('snapshot')).toBeLessThan(kinds(room, ann).indexOf('message'))
  })

  test('[CONN-5] from a revision ahead of the room: a snapshot, and the room reads up', () => {
    const room = roomAtTen(0)
    const ann = comesBack(room, 12)
    expect(room.heardOf(ann, 'resumed')).toMatchObject([{ recovered: false }])
    expect(room.asked('read_changes')).toMatchObject([{ purpose: 'catch_up', after: 10 }])
  })

  test('[CONN-5] changes that are not all there: a snapshot, never a silent part', () => {
    const room = roomAtTen(0)
    const ann = comesBack(room, 3)
    answerReplay(room, 3, 8)
    expect(room.revisions(ann)).toEqual([])
    expect(room.heardOf(ann, 'resumed')).toMatchObject([{ recovered: false }])
  })

  test('[CONN-5] a read that fails: the socket is closed and comes again', () => {
    const room = roomAtTen(0)
    const ann = comesBack(room, 3)
    const result = { ok: false } as const
    room.give({ type: 'changes_read', purpose: 'replay', chance: 0, result })
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.restart })
  })
})

describe('a resume that is not the first', () => {
  test('[CONN-5] after live changes it brings a snapshot', () => {
    const room = roomAtTen(5)
    const ann = room.joins('ann')
    room.sends(ann, { type: 'resume', since_revision: 7 })
    expect(room.heardOf(ann, 'resumed')).toMatchObject([{ recovered: false, from_revision: 7 }])
  })

  test('[CONN-5] during a replay it is refused', () => {
    const room = roomAtTen(0)
    const ann = room.joins('ann', { since_revision: 3 })
    room.sends(ann, { type: 'resume', since_revision: 3, ref: 'r' })
    expect(room.heardOf(ann, 'error')).toMatchObject([{ code: 'conflict', ref: 'r' }])
  })

  test('[CONN-5] one that cannot be answered closes the socket, which cannot go on without', () => {
    const room = roomAtTen(0)
    const ann = room.joins('ann', { stays_greeting: true })
    room.sleeps()
    room.sends(ann, { type: 'resume', since_revision: 3 })
    const refusal = { code: 'unavailable', message: 'no database' } as const
    room.give({ type: 'loaded', result: { kind: 'failed', refusal } })
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.restart })
  })
})

const talk = (room: RoomBench, bob: string, ...contents: string[]) => {
  for (const content of contents) {
    room.says(bob, content)
    room.writes()
  }
}

describe('a crowd that comes back', () => {
  test('[CONN-5] one read at a time serves all who wait', () => {
    const room = roomAtTen(0)
    const sockets = [5, 3, 4, 6].map((since_revision) => room.joins('ann', { since_revision }))
    expect(room.asked('read_changes')).toHaveLength(1)
    answerReplay(room, 5, 10)
    expect(room.asked('read_changes')).toMatchObject([{ after: 5 }, { after: 3 }])
    answerReplay(room, 3, 10)
    expect(room.asked('read_changes')).toHaveLength(2)
    expect(sockets.map((socket) => room.revisions(socket)[0])).toEqual([6, 4, 5, 7])
    for (const socket of sockets) expect(room.revisions(socket).at(-1)).toBe(10)
  })

  test('[CONN-5] one that came during the read has its later changes from memory', () => {
    const room = roomAtTen(0)
    const bob = room.joins('bob')
    const first = room.joins('ann', { since_revision: 3 })
    room.says(bob, 'x')
    room.writes()
    const second = room.joins('ann', { since_revision: 5 })
    answerReplay(room, 3, 10)
    expect(room.revisions(first)).toEqual([4, 5, 6, 7, 8, 9, 10, 11])
    expect(room.revisions(second)).toEqual([6, 7, 8, 9, 10, 11])
    expect(room.asked('read_changes')).toHaveLength(1)
  })

  describe('[CONN-10] what is held for one socket is bounded, and a burst throws nobody out', () => {
    test('who said nothing yet hears the rest live', () => {
      const room = roomAtTen(0, { held_max_count: 2 })
      const bob = room.joins('bob')
      const ann = room.joins('ann', { stays_greeting: true })
      talk(room, bob, '1', '2')
      expect(room.revisions(ann)).toEqual([])
      talk(room, bob, '3')
      expect(room.revisions(ann)).toEqual([11, 12, 13])
    })

    test('who waits for a replay has a snapshot instead; the replay comes too late', () => {
      const room = roomAtTen(0, { held_max_count: 2 })
      const bob = room.joins('bob')
      const ann = room.joins('ann', { since_revision: 3 })
      talk(room, bob, '1', '2', '3')
      expect(room.heardOf(ann, 'resumed')).toMatchObject([
        { recovered: false, from_revision: 3, to_revision: 13 },
      ])
      answerReplay(room, 3, 10)
      expect(room.revisions(ann)).toEqual([])
      talk(room, bob, '4')
      room.give({ type: 'messages_read', socket: ann, upto: 13, messages: [] })
      expect(room.heardOf(ann, 'snapshot')).toMatchObject([{ revision: 13 }])
      expect(room.revisions(ann)).toEqual([14])
    })

    test('who waits for a snapshot has a newer one, once', () => {
      const room = roomAtTen(0, { held_max_count: 2, resume_max_changes: 1 })
      const bob = room.joins('bob')
      const ann = room.joins('ann', { since_revision: 3 })
      talk(room, bob, '1', '2', '3')
      expect(room.asked('read_messages')).toMatchObject([{ upto: 10 }, { upto: 13 }])
      room.give({ type: 'messages_read', socket: ann, upto: 10, messages: [] })
      room.give({ type: 'messages_read', socket: ann, upto: 10, messages: undefined })
      expect(room.heardOf(ann, 'snapshot')).toEqual([])
      room.give({ type: 'messages_read', socket: ann, upto: 13, messages: [] })
      expect(room.heardOf(ann, 'resumed')).toHaveLength(1)
      expect(room.heardOf(ann, 'snapshot')).toMatchObject([{ revision: 13 }])
      expect(room.closeOf(ann)).toBeUndefined()
    })
  })

  test('[LIM-4] memory keeps a bounded tail, and what it lacks is read', () => {
    const room = RoomBench.known({ recent_max_count: 2 })
    const bob = room.joins('bob')
    for (let count = 0; count < 9; count += 1) {
      room.says(bob, `${count}`)
      room.writes()
    }
    const { record } = room.state
    const kept = record.phase === 'known' ? record.recent.map(({ revision }) => revision) : []
    expect(kept.length).toBeLessThanOrEqual(4)
    expect(kept.at(-1)).toBe(10)
    room.joins('ann', { since_revision: 8 })
    expect(room.asked('read_changes')).toEqual([])
    room.joins('ann', { since_revision: 2 })
    expect(room.asked('read_changes')).toMatchObject([{ after: 2 }])
  })
})
