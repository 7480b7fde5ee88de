/** What the pushes hear of a room, and how rarely (WEB-5). */
import { describe, expect, test } from 'vitest'
import { lookingAmong, type PushesTold } from '../../../../src/domain/room/pushing.ts'
import { nextWake } from '../../../../src/domain/room/next-wake.ts'
import { defaultRoomSettings as settings } from '../../../../src/domain/room/settings.ts'
import type { NotificationLevel } from '../../../../src/protocol/notification.ts'
import { addition, messageChange, RoomBench } from './room-builder.ts'

const quietRoom = (): RoomBench => {
  const room = RoomBench.known({ has_push: true })
  room.passes(60_000)
  room.listensAfresh()
  return room
}

/** Ranges of messages, each with how it was told; what is asked for is answered unless it waits. */
const toldBy = (room: RoomBench) => room.asked('tell_pushes')

const answers = (room: RoomBench, outcome: PushesTold['outcome']): void => {
  const said = toldBy(room).at(-1)
  if (!said) throw new Error('nothing was told')
  room.give({ type: 'pushes_told', said, outcome })
}

const wants = (level?: NotificationLevel): PushesTold['outcome'] => ({ ok: true, level })

const says = (room: RoomBench, revision: number, mentions: string[] = []): void => {
  room.hears(messageChange(revision, { mentions }))
}

const ranges = (room: RoomBench) => toldBy(room).map(({ after, upto }) => [after, upto])

describe('[WEB-5] a burst', () => {
  test('is told at once, then once at the end of the window', () => {
    const room = quietRoom()
    says(room, 2)
    answers(room, wants('all'))
    for (const revision of [3, 4, 5]) says(room, revision)
    expect(ranges(room)).toEqual([[0, 1]])
    room.passes(settings.push_window_ms)
    expect(ranges(room)).toEqual([
      [0, 1],
      [1, 4],
    ])
    answers(room, wants('all'))
    room.passes(120_000)
    expect(toldBy(room)).toHaveLength(2)
  })

  test('of mentions is told once a second', () => {
    const room = quietRoom()
    says(room, 2, ['bob'])
    answers(room, wants('all'))
    for (const revision of [3, 4]) says(room, revision, ['bob'])
    expect(ranges(room)).toEqual([[0, 1]])
    room.passes(settings.push_mention_pause_ms)
    expect(ranges(room)).toEqual([
      [0, 1],
      [1, 3],
    ])
  })

  test('costs one call at a time, however slow the answer', () => {
    const room = quietRoom()
    says(room, 2, ['bob'])
    room.passes(60_000)
    says(room, 3, ['bob'])
    expect(toldBy(room)).toHaveLength(1)
    answers(room, wants('all'))
    expect(ranges(room)).toEqual([
      [0, 1],
      [1, 2],
    ])
  })

  test('[LIM-3] is told after the room’s own sockets', () => {
    const room = quietRoom()
    const ann = room.joins('ann')
    room.says(ann, 'hello')
    const effects = room.writes().map(({ type }) => type)
    expect(effects.indexOf('tell_pushes')).toBeGreaterThan(effects.indexOf('broadcast'))
  })
})

test('[WEB-5] a mention does not wait for the window of what was said before', () => {
  const room = quietRoom()
  says(room, 2)
  answers(room, wants('all'))
  room.passes(settings.push_mention_pause_ms)
  says(room, 3, ['bob'])
  expect(ranges(room)).toEqual([
    [0, 1],
    [1, 2],
  ])
})

describe('[LIM-4] nothing is told', () => {
  test('where there are no pushes', () => {
    const room = RoomBench.known()
    says(room, 2, ['bob'])
    room.passes(60_000)
    expect(toldBy(room)).toEqual([])
  })

  test('where nobody wanted any, for a minute', () => {
    const room = quietRoom()
    says(room, 2)
    answers(room, wants('nothing'))
    room.passes(settings.push_interest_ms - 1)
    says(room, 3, ['bob'])
    expect(toldBy(room)).toHaveLength(1)
    room.passes(1)
    says(room, 4, ['bob'])
    expect(ranges(room).at(-1)).toEqual([2, 3])
  })

  test('but of mentions, where nobody wanted more', () => {
    const room = quietRoom()
    says(room, 2)
    answers(room, wants('mentions'))
    room.passes(20_000)
    says(room, 3)
    says(room, 4, ['ann'])
    room.passes(20_000)
    expect(toldBy(room)).toHaveLength(1)
    says(room, 5, ['bob'])
    expect(ranges(room).at(-1)).toEqual([3, 4])
  })

  test('of what the system says', () => {
    const room = quietRoom()
    room.hears(messageChange(2, { message_type: 'system', content: '' }))
    room.passes(60_000)
    expect(toldBy(room)).toEqual([])
  })

  test('and such a room may sleep', () => {
    const room = quietRoom()
    says(room, 2)
    answers(room, wants('nothing'))
    says(room, 3)
    room.passes(60_000)
    expect(nextWake(room.state)).toBeUndefined()
  })
})

test.each([
  ['somebody says so', (room: RoomBench) => room.give({ type: 'push_wanted' })],
  ['somebody comes', (room: RoomBench) => room.hears(addition(3, 'zoe'))],
])('[WEB-5] it is told again as soon as %s', (_, happens) => {
  const room = quietRoom()
  says(room, 2)
  answers(room, wants('nothing'))
  happens(room)
  room.passes(settings.push_window_ms)
  says(room, room.state.record.phase === 'known' ? room.state.record.revision + 1 : 0)
  expect(toldBy(room)).toHaveLength(2)
})

test('[WEB-5] the very next message is told once somebody asked for it', () => {
  const room = quietRoom()
  says(room, 2)
  answers(room, wants('nothing'))
  room.give({ type: 'push_wanted' })
  says(room, 3)
  expect(ranges(room)).toEqual([
    [0, 1],
    [1, 2],
  ])
})

test('[LIM-3] what was not heard is told again with what came since, a few times', () => {
  const room = quietRoom()
  says(room, 2)
  answers(room, { ok: false })
  says(room, 3)
  room.passes(settings.push_window_ms)
  expect(ranges(room).at(-1)).toEqual([0, 2])
  answers(room, { ok: false })
  room.passes(settings.push_window_ms)
  answers(room, { ok: false })
  room.passes(120_000)
  expect(toldBy(room)).toHaveLength(settings.push_attempts_max_count)
  says(room, 4)
  expect(ranges(room).at(-1)).toEqual([2, 3])
})

test('[WEB-5] who looks: with a socket of theirs that is active', () => {
  const room = quietRoom()
  const phone = room.joins('ann')
  room.joins('ann')
  const bob = room.joins('bob')
  room.sends(bob, { type: 'presence', state: 'idle' })
  room.sends(phone, { type: 'presence', state: 'idle' })
  expect(lookingAmong(room.state, ['ann', 'bob', 'eve'])).toEqual(['ann'])
})
