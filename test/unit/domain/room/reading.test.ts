/** Read marks set on a room's socket: gathered, the furthest counts, none is lost (INBOX-2). */
import { expect, test } from 'vitest'
import { shardOfKey } from '../../../../src/lib/shard.ts'
import { RoomBench } from './room-builder.ts'

const read = (room: RoomBench, socket: string, sequence_number: number) =>
  room.sends(socket, { type: 'read', sequence_number })

const written = (room: RoomBench) => room.asked('move_marks').map(({ marks }) => marks)

/** The database has written the last that was asked for. */
const isWritten = (room: RoomBench): void => {
  const asked = room.asked('move_marks').at(-1)?.marks ?? []
  const moved = asked.map(([user_id, read_sequence]) => ({
    ...{ user_id, read_sequence, unread_count: 0, mention_count: 0, revision: 9 },
  }))
  room.give({ type: 'marks_moved', asked, moved })
}

test('[INBOX-2] the first at once, then one call a second with the furthest of each', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  read(room, ann, 1)
  expect(written(room)).toEqual([[['ann', 1]]])
  isWritten(room)
  for (let sequence = 2; sequence <= 50; sequence += 1) read(room, ann, sequence)
  read(room, ann, 7)
  read(room, bob, 12)
  expect(written(room)).toHaveLength(1)
  room.passes(1_000)
  expect(written(room).slice(1)).toEqual([
    [
      ['ann', 50],
      ['bob', 12],
    ],
  ])
})

test('[INBOX-2] one call at a time; a mark set meanwhile goes with the next', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  read(room, ann, 1)
  read(room, ann, 2)
  room.passes(5_000)
  expect(written(room)).toHaveLength(1)
  isWritten(room)
  expect(written(room)).toEqual([[['ann', 1]], [['ann', 2]]])
})

test('[INBOX-2] a mark that could not be written is written later', () => {
  const room = RoomBench.known()
  read(room, room.joins('ann'), 5)
  room.give({ type: 'marks_moved', asked: [['ann', 5]], moved: undefined })
  room.passes(5_000)
  expect(written(room)).toEqual([[['ann', 5]], [['ann', 5]]])
})

test('[INBOX-2] a mark on its way outlives the memory, and needs no record', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  read(room, ann, 1)
  read(room, ann, 2)
  room.listensAfresh()
  room.sleeps()
  room.passes(1_000)
  expect(written(room)).toEqual([[['ann', 2]]])
  expect(room.asked('load')).toEqual([])
})

test('[INBOX-2] the shard of the person hears where the mark stands, if it watches', () => {
  const shard = shardOfKey(8, 'ann')
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  read(room, ann, 1)
  isWritten(room)
  expect(room.asked('tell_marks')).toEqual([])
  room.give({ type: 'watched', shard })
  read(room, ann, 2)
  read(room, bob, 2)
  room.passes(1_000)
  isWritten(room)
  const told = room.asked('tell_marks').filter((effect) => effect.shard === shard)
  expect(told).toHaveLength(1)
  expect(told[0]?.marks).toContainEqual(
    expect.objectContaining({ user_id: 'ann', read_sequence: 2 }),
  )
})

test('[INBOX-2] control: nothing is read, nothing is written', () => {
  const room = RoomBench.known()
  room.joins('ann')
  room.passes(20_000)
  expect(written(room)).toEqual([])
})
