import { describe, expect, test } from 'vitest'
import { RoomBench } from './room-builder.ts'

describe('coming and going', () => {
  test('[PRES-1] the others hear of the first socket and of the end of the last, after the grace', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    const first = room.joins('ann')
    const second = room.joins('ann')
    expect(room.comings(bob)).toEqual(['user_joined ann'])

    room.leaves(first)
    room.passes(10_000)
    expect(room.comings(bob)).toEqual(['user_joined ann'])
    room.leaves(second)
    room.passes(4_999)
    expect(room.comings(bob)).toEqual(['user_joined ann'])
    room.passes(1)
    expect(room.comings(bob)).toEqual(['user_joined ann', 'user_left ann'])
  })

  test('[PRES-1] a reload within the grace is no flicker', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    room.leaves(room.joins('ann'))
    room.passes(4_000)
    room.joins('ann')
    room.passes(20_000)
    expect(room.comings(bob)).toEqual(['user_joined ann'])
  })

  test('[PRES-1] nobody is told of themselves', () => {
    const room = RoomBench.known()
    const first = room.joins('ann')
    const second = room.joins('ann')
    expect([...room.comings(first), ...room.comings(second)]).toEqual([])
  })

  test('[CONN-9] the late close of a dead socket does not end the session of its successor', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    const dead = room.joins('ann')
    room.leaves(dead)
    const successor = room.joins('ann')
    room.leaves(dead)
    room.passes(20_000)
    expect(room.comings(bob)).toEqual(['user_joined ann'])

    room.leaves(successor)
    room.passes(5_000)
    expect(room.comings(bob)).toContain('user_left ann')
  })
})

describe('the list', () => {
  test('[PRES-2] it says who is idle, and any active socket makes a person active', () => {
    const room = RoomBench.known()
    const first = room.joins('ann')
    const second = room.joins('ann')
    const online = () => room.heardOf(room.joins('bob'), 'welcome').at(-1)?.online ?? []

    room.sends(first, { type: 'presence', state: 'idle' })
    expect(online()).toContainEqual(expect.objectContaining({ user_id: 'ann', state: 'active' }))
    room.sends(second, { type: 'presence', state: 'idle' })
    expect(online()).toContainEqual(expect.objectContaining({ user_id: 'ann', state: 'idle' }))
  })

  test('[PRES-2] a change of state is told as a list, at most once a second', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    for (const state of ['idle', 'active', 'idle'] as const)
      room.sends(ann, { type: 'presence', state })
    expect(room.heardOf(bob, 'presence')).toEqual([])
    room.passes(1_000)
    expect(room.heardOf(bob, 'presence')).toMatchObject([
      { online: [{ user_id: 'ann', state: 'idle' }, { user_id: 'bob' }], online_count: 2 },
    ])
    room.passes(5_000)
    expect(room.heardOf(bob, 'presence')).toHaveLength(1)
  })

  test('[LIM-2] in a big room a digest with the count stands for each coming and going', () => {
    const room = RoomBench.known({ presence_detail_max_count: 2 })
    const bob = room.joins('bob')
    for (const user_id of ['ann', 'eve', 'olga']) room.joins(user_id)
    expect(room.comings(bob)).toEqual(['user_joined ann'])
    room.passes(1_000)
    expect(room.heardOf(bob, 'presence')).toMatchObject([
      { online: { length: 2 }, online_count: 4 },
    ])
  })

  test('[CONN-10] one that waits for a replay is not told of presence', () => {
    const room = RoomBench.known()
    const joining = room.joins('ann', { since_revision: 0 })
    const live = room.joins('bob')
    room.joins('eve')
    expect(room.comings(joining)).toEqual([])
    expect(room.comings(live)).toEqual(['user_joined eve'])
  })
})
