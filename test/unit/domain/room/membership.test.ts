import { describe, expect, test } from 'vitest'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import { addition, messageChange, removal, RoomBench } from './room-builder.ts'

describe('a person who is removed', () => {
  test('[CONN-8] [SEC-2] all their sockets close at once, and nothing from that revision on is heard', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    const sockets = [room.joins('ann'), room.joins('ann'), room.joins('ann', { since_revision: 0 })]
    room.listensAfresh()
    room.hears(messageChange(2), removal(3, 'ann'), messageChange(4))

    expect(room.revisions(bob)).toEqual([2, 3, 4])
    for (const socket of sockets)
      expect(room.closeOf(socket)).toMatchObject({ code: closeCodes.removed })
    expect(sockets.map((socket) => room.revisions(socket))).toEqual([[2], [2], []])
    expect(room.comings(bob)).toEqual(['user_left ann'])
  })

  test('[CONN-8] control: one who is not removed hears it all', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.hears(messageChange(2), removal(3, 'bob'), messageChange(4))
    expect(room.revisions(ann)).toEqual([2, 3, 4])
    expect(room.closeOf(ann)).toBeUndefined()
  })

  test('[CONN-8] what they said before and was not written is refused by the database alone', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.says(bob, 'first')
    room.says(ann, 'never')
    room.answers({
      kind: 'answered',
      results: [{ status: 'changed' }],
      changes: [removal(2, 'ann')],
    })
    expect(room.committedItems().map(({ content }) => content)).toEqual(['never'])
    room.answers({
      kind: 'answered',
      results: [{ status: 'refused', code: 'forbidden', message: 'not a member' }],
      changes: [],
    })
    expect(room.revisions(bob)).toEqual([2])
  })

  test('[CONN-8] within the grace of a reload they are gone at once, too', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    room.leaves(room.joins('ann'))
    room.hears(removal(2, 'ann'))
    expect(room.comings(bob)).toEqual(['user_joined ann', 'user_left ann'])
    room.passes(20_000)
    expect(room.comings(bob)).toHaveLength(2)
  })

  test('[CONN-8] an admin stays: admins need no membership', () => {
    const room = RoomBench.known()
    const root = room.joins('ann', { is_admin: true })
    room.hears(removal(2, 'ann'))
    expect(room.closeOf(root)).toBeUndefined()
  })

  test('[CONN-8] once added again they may write at their next frame', () => {
    const room = RoomBench.known()
    room.hears(removal(2, 'ann'), addition(3, 'ann'))
    const ann = room.joins('ann')
    room.says(ann, 'back')
    expect(room.committedItems()).toMatchObject([{ content: 'back' }])
  })
})
