/** The room hears how far its members have read: of the moment, gathered, and not in a crowd. */
import { describe, expect, test } from 'vitest'
import { encode } from '../../../../src/protocol/codec.ts'
import { addition, messageChange, removal, RoomBench } from './room-builder.ts'

type Marks = Readonly<Record<string, number>>

/** The database has moved these marks. */
const moves = (room: RoomBench, marks: Marks): void => {
  const moved = Object.entries(marks).map(([user_id, read_sequence]) => ({
    ...{ user_id, read_sequence, unread_count: 0, mention_count: 0, revision: 9 },
  }))
  room.give({ type: 'marks_moved', asked: Object.entries(marks), moved })
}

/** What a socket was told, frame by frame. */
const told = (room: RoomBench, socket: string): Marks[] =>
  room
    .heardOf(socket, 'read_marks')
    .map(({ read_marks }) =>
      Object.fromEntries(read_marks.map(({ user_id, read_sequence }) => [user_id, read_sequence])),
    )

test('[INBOX-2] a frame of one person is told to all, once the database has it', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  room.sends(ann, { type: 'read', sequence_number: 3 })
  expect(told(room, bob)).toEqual([])
  moves(room, { ann: 3 })
  expect(told(room, bob)).toEqual([{ ann: 3 }])
  expect(told(room, ann)).toEqual([{ ann: 3 }])
})

test('[INBOX-2] at most one telling a second, with the last of each', () => {
  const room = RoomBench.known()
  const bob = room.joins('bob')
  moves(room, { ann: 1 })
  moves(room, { ann: 2, eve: 1 })
  moves(room, { ann: 4 })
  expect(told(room, bob)).toEqual([{ ann: 1 }])
  room.passes(999)
  expect(told(room, bob)).toHaveLength(1)
  room.passes(1)
  expect(told(room, bob).slice(1)).toEqual([{ ann: 4, eve: 1 }])
})

test('[INBOX-2] a mark that stands where it was told is not told again', () => {
  const room = RoomBench.known()
  const bob = room.joins('bob')
  moves(room, { ann: 1 })
  room.passes(2_000)
  moves(room, { ann: 1 })
  room.passes(2_000)
  expect(told(room, bob)).toEqual([{ ann: 1 }])
  moves(room, { ann: 2 })
  expect(told(room, bob)).toEqual([{ ann: 1 }, { ann: 2 }])
})

test('[SEC-2] the mark of somebody who was removed is not told any more', () => {
  const room = RoomBench.known()
  const bob = room.joins('bob')
  moves(room, { bob: 1 })
  moves(room, { ann: 2, eve: 2 })
  room.hears(removal(2, 'ann'))
  room.passes(1_000)
  expect(told(room, bob)).toEqual([{ bob: 1 }, { eve: 2 }])
})

test('[PRES-4] a room that wakes for a mark tells it without its record', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  room.sleeps()
  room.sends(ann, { type: 'read', sequence_number: 3 })
  moves(room, { ann: 3 })
  expect(told(room, bob)).toEqual([{ ann: 3 }])
  expect(room.asked('load')).toHaveLength(1)
})

test('[CONN-10] who lags does not hear of it, who has caught up does', () => {
  const room = RoomBench.known({ lag_shed_bytes: 100, lag_probe_bytes: 100 })
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  const change = messageChange(2, { content: 'x'.repeat(200) })
  expect(encode(change).length).toBeGreaterThan(200)
  room.hears(change)
  room.sends(bob, { type: 'pong' })
  moves(room, { ann: 1 })
  expect(told(room, ann)).toEqual([])
  expect(told(room, bob)).toEqual([{ ann: 1 }])
})

describe('a crowd', () => {
  const settings = { read_telling_people_max_count: 4 }

  test('[INBOX-2] of members is told nothing; as many as the limit are', () => {
    const room = RoomBench.known(settings)
    const bob = room.joins('bob')
    moves(room, { ann: 1 })
    expect(told(room, bob)).toEqual([{ ann: 1 }])
    room.hears(addition(2, 'kim'))
    moves(room, { ann: 2 })
    room.passes(5_000)
    expect(told(room, bob)).toEqual([{ ann: 1 }])
  })

  test('[INBOX-2] of people connected counts where the members are not known', () => {
    const room = RoomBench.known({ read_telling_people_max_count: 1 })
    const bob = room.joins('bob')
    room.joins('ann')
    room.sleeps()
    moves(room, { ann: 1 })
    room.passes(5_000)
    expect(told(room, bob)).toEqual([])
  })
})

test('[INBOX-2] control: where nobody reads nothing is told, and the room asks for no alarm', () => {
  const room = RoomBench.known()
  const bob = room.joins('bob')
  room.passes(20_000)
  expect(told(room, bob)).toEqual([])
})
