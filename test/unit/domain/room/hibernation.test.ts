/** Twins: what a room does must not depend on whether it slept in between (PRES-4). */
import { describe, expect, test } from 'vitest'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import { DISPLAY_NAME_MAX_LENGTH, USER_ID_MAX_LENGTH } from '../../../../src/protocol/limits.ts'
import { nextWake } from '../../../../src/domain/room/next-wake.ts'
import { aSnapshot, messageChange, removal, RoomBench, someDetails } from './room-builder.ts'

/** The record as it is after revision `upto`, all of it messages. */
const recordAt = (upto: number) =>
  aSnapshot({
    details: someDetails({ last_sequence: upto - 1, last_revision: upto }),
    recent: Array.from({ length: upto - 1 }, (_, index) => messageChange(index + 2)),
  })

const twins = [
  { name: 'awake', mayEvict: () => {} },
  { name: 'evicted in between', mayEvict: (room: RoomBench) => room.sleeps() },
]

describe.each(twins)('$name', ({ mayEvict }) => {
  test('[PRES-1] the grace goes on and nobody flickers', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    room.leaves(room.joins('ann'))
    mayEvict(room)
    room.passes(4_999)
    expect(room.comings(bob)).toEqual(['user_joined ann'])
    room.passes(1)
    expect(room.comings(bob)).toEqual(['user_joined ann', 'user_left ann'])
  })

  test('[PRES-3] typing still clears itself', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.sends(ann, { type: 'typing', is_typing: true })
    room.passes(1_000)
    mayEvict(room)
    room.passes(2_000)
    expect(room.heardOf(bob, 'typing').map(({ user_ids }) => user_ids)).toEqual([['ann'], []])
  })

  test('[PRES-4] who is idle stays idle, and of two sockets one is left', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    const [first, second] = [room.joins('ann'), room.joins('ann')]
    for (const socket of [first, second]) room.sends(socket, { type: 'presence', state: 'idle' })
    mayEvict(room)
    room.leaves(first)
    room.passes(10_000)
    expect(room.comings(bob)).toEqual(['user_joined ann'])
    const eve = room.joins('eve')
    room.loads()
    expect(room.heardOf(eve, 'welcome')[0]?.online).toContainEqual(
      expect.objectContaining({ user_id: 'ann', state: 'idle' }),
    )
  })

  test('[CONN-6] the heartbeat keeps its time', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.passes(20_000)
    mayEvict(room)
    room.passes(9_999)
    expect(room.heardOf(ann, 'ping')).toEqual([])
    room.passes(1)
    expect(room.heardOf(ann, 'ping')).toHaveLength(1)
  })

  test('[CONN-6] who is silent is closed all the same', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.passes(30_000)
    room.sends(bob, { type: 'pong' })
    mayEvict(room)
    room.passes(10_000)
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.unresponsive })
    expect(room.closeOf(bob)).toBeUndefined()
  })

  test('[CONN-8] a token ends when it ends', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann', { token_expires_at: room.now + 25_000 })
    room.passes(1_000)
    mayEvict(room)
    room.passes(23_999)
    expect(room.closeOf(ann)).toBeUndefined()
    room.passes(1)
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.token_expired })
  })

  test('[CONN-5] the next message continues where the sockets were told', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.says(ann, '1')
    room.writes()
    mayEvict(room)
    room.says(ann, '2')
    room.loads(recordAt(2))
    room.writes()
    expect(room.revisions(bob)).toEqual([2, 3])
    expect(room.heardOf(ann, 'ack')).toHaveLength(2)
  })
})

describe('what happened while the room slept', () => {
  test('[SEQ-3] changes of other writers are told first, each once', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.says(ann, '1')
    room.writes()
    room.sleeps()
    room.says(ann, '2')
    room.loads(recordAt(5))
    room.writes()
    expect(room.revisions(bob)).toEqual([2, 3, 4, 5, 6])
  })

  test('[SEQ-3] more of them than come with the record are read', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.sleeps()
    room.says(ann, 'x')
    const { details, recent } = recordAt(9)
    room.loads(aSnapshot({ details, recent: recent.slice(-3) }))
    expect(room.asked('commit')).toEqual([])
    expect(room.asked('read_changes')).toMatchObject([{ purpose: 'catch_up', after: 1 }])
    room.give({
      type: 'changes_read',
      purpose: 'catch_up',
      chance: 0,
      result: { ok: true, changes: [...recent], last_sequence: 8, last_revision: 9 },
    })
    expect(room.commit().expected_revision).toBe(9)
    expect(room.revisions(ann)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('[SEQ-3] a database that was put back: who was told more is sent away, who comes is not', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, '1')
    room.writes()
    room.sleeps()
    const bob = room.joins('bob')
    room.loads(aSnapshot())
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.restart })
    // Who waited for the record gets it, read once more.
    room.loads(aSnapshot())
    expect(room.closeOf(bob)).toBeUndefined()
    expect(room.heardOf(bob, 'welcome')).toMatchObject([{ last_revision: 1 }])
  })

  test('[CONN-8] one who was removed meanwhile hears nothing of that revision', () => {
    const room = RoomBench.known()
    const [ann, bob] = [room.joins('ann'), room.joins('bob')]
    room.sleeps()
    room.says(bob, 'x')
    const recent = [messageChange(2), removal(3, 'ann'), messageChange(4)]
    room.loads(aSnapshot({ details: someDetails({ last_revision: 4 }), recent }))
    expect(room.revisions(ann)).toEqual([2])
    expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.removed })
    expect(room.revisions(bob)).toEqual([2, 3, 4])
  })
})

describe('an eviction in the middle of something', () => {
  const interrupted: [string, (room: RoomBench, ann: string) => void][] = [
    ['a commit in flight', (room, ann) => room.says(ann, 'x')],
    [
      'a database that is away',
      (room, ann) => {
        room.says(ann, 'x')
        room.answers({ kind: 'unknown' })
      },
    ],
    [
      'messages that wait for the record',
      (room, ann) => {
        room.sleeps()
        room.says(ann, 'x')
      },
    ],
  ]

  test.each(interrupted)(
    '[SEQ-4] [SEQ-6] %s: the sockets start again, so that nothing overtakes what was lost',
    (_, interrupt) => {
      const room = RoomBench.known()
      const [ann, bob] = [room.joins('ann'), room.joins('bob')]
      interrupt(room, ann)
      room.sleeps()
      expect(nextWake(room.state)).toBeLessThanOrEqual(room.now)
      room.listensAfresh()
      room.says(ann, 'y')
      for (const socket of [ann, bob])
        expect(room.closeOf(socket)).toMatchObject({ code: closeCodes.restart })
      expect(room.asked('commit')).toEqual([])
    },
  )

  test('[SEQ-6] control: after an answered commit they stay', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.says(ann, 'x')
    room.writes()
    room.sleeps()
    room.says(ann, 'y')
    expect(room.closeOf(ann)).toBeUndefined()
  })

  test('[CONN-4] a socket with changes held back starts again; the others go on', () => {
    const room = RoomBench.known()
    const bob = room.joins('bob')
    const greeting = room.joins('ann', { stays_greeting: true })
    const joining = room.joins('ann', { since_revision: 0 })
    room.says(bob, 'x')
    room.writes()
    room.sleeps()
    room.give({ type: 'tick' })
    for (const socket of [greeting, joining])
      expect(room.closeOf(socket)).toMatchObject({ code: closeCodes.restart })
    expect(room.closeOf(bob)).toBeUndefined()
  })

  test('[PRES-4] whichever socket carries the room’s part, the newest word holds', () => {
    const room = RoomBench.known()
    const first = room.joins('ann')
    const bob = room.joins('bob')
    room.says(bob, '1')
    room.writes()
    // The platform may list the sockets in another order: another one carries on.
    const [one, other] = [...room.attachments]
    if (one && other) {
      room.attachments.clear()
      for (const [id, attachment] of [other, one]) room.attachments.set(id, attachment)
    }
    room.sleeps()
    room.says(bob, '2')
    room.loads(recordAt(2))
    room.writes()
    room.sleeps()
    room.says(bob, '3')
    room.loads(recordAt(3))
    room.writes()
    expect(room.revisions(first)).toEqual([2, 3, 4])
  })

  test('[PRES-4] the carrier’s end hands its part to another socket', () => {
    const room = RoomBench.known()
    const carrier = room.joins('ann')
    const bob = room.joins('bob')
    room.says(bob, '1')
    room.writes()
    room.leaves(carrier)
    room.sleeps()
    room.says(bob, '2')
    room.loads(recordAt(4))
    expect(room.revisions(bob)).toEqual([2, 3, 4])
  })

  test('[PRES-4] an attachment stays below the platform’s 16 KiB, with the longest names', () => {
    const room = RoomBench.known()
    const display_name = '名'.repeat(DISPLAY_NAME_MAX_LENGTH)
    const sockets = Array.from({ length: 100 }, (_, index) =>
      room.joins(`${index}`.padStart(USER_ID_MAX_LENGTH, 'x'), { display_name }),
    )
    for (const socket of sockets.slice(50)) room.sends(socket, { type: 'typing', is_typing: true })
    for (const socket of sockets.slice(1, 50)) room.leaves(socket)
    const sizes = [...room.attachments.values()].map(
      (attachment) => new TextEncoder().encode(JSON.stringify(attachment)).length,
    )
    expect(Math.max(...sizes)).toBeLessThan(16_384)
  })
})

describe('what is due', () => {
  const due: [string, (room: RoomBench, ann: string) => void][] = [
    ['a heartbeat', () => {}],
    ['the end of a grace', (room, ann) => room.leaves(ann)],
    ['the end of typing', (room, ann) => room.sends(ann, { type: 'typing', is_typing: true })],
    ['a digest of presence', (room, ann) => room.sends(ann, { type: 'presence', state: 'idle' })],
    [
      'changes for one who was just welcomed',
      (room, ann) => {
        room.joins('bob', { stays_greeting: true })
        room.says(ann, 'x')
        room.writes()
      },
    ],
    [
      'another trial of the database',
      (room, ann) => {
        room.says(ann, 'x')
        room.leaves(ann)
        room.answers({ kind: 'unknown' })
      },
    ],
  ]
  test.each(due)('%s wakes the room in time', (_, prepare) => {
    const room = RoomBench.known()
    prepare(room, room.joins('ann'))
    const wake = nextWake(room.state)
    expect(wake).toBeDefined()
    room.now = wake ?? 0
    room.give({ type: 'tick' })
    expect(nextWake(room.state) ?? Infinity).toBeGreaterThan(room.now)
  })
})
