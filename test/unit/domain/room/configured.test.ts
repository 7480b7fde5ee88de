/** Other settings while the room works (OPS-4). */
import { describe, expect, test } from 'vitest'
import { pressureSettings } from '../../../../src/domain/limits/pressure-settings.ts'
import { defaultRoomSettings, type RoomSettings } from '../../../../src/domain/room/settings.ts'
import { aSnapshot, committed, messageChange, RoomBench, someDetails } from './room-builder.ts'

const configure = (room: RoomBench, overrides: Partial<RoomSettings>) =>
  room.give({
    type: 'configured',
    settings: { ...defaultRoomSettings, gather_share: 0, ...overrides },
  })

describe('the beat', () => {
  test('[OPS-4] [CONN-6] a shorter interval holds from now on, not from the next beat on', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.passes(3_000)
    configure(room, { heartbeat_interval_ms: 5_000, heartbeat_timeout_ms: 2_000 })
    room.passes(5_000)
    expect(room.heardOf(ann, 'ping')).toHaveLength(1)
    room.sends(ann, { type: 'pong' })
    room.passes(5_000)
    expect(room.heardOf(ann, 'ping')).toHaveLength(2)
    room.passes(2_000)
    expect(room.closeOf(ann)).toMatchObject({ reason: 'no pong' })
  })

  test('[OPS-4] [CONN-6] who was asked before has the time that was promised', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.passes(30_000)
    configure(room, { heartbeat_timeout_ms: 1_000 })
    room.passes(9_000)
    expect(room.closeOf(ann)).toBeUndefined()
    room.sends(ann, { type: 'pong' })
    room.passes(10_000)
    expect(room.closeOf(ann)).toBeUndefined()
  })

  test('[OPS-4] [CONN-9] changed in its sleep, it holds as soon as the room wakes', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    room.passes(1_000)
    room.sleeps()
    configure(room, { heartbeat_interval_ms: 5_000 })
    room.passes(5_000)
    expect(room.heardOf(ann, 'ping')).toHaveLength(1)
  })
})

describe('the queue', () => {
  test('[OPS-4] what waits is kept though it be too much; what comes is refused', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    for (const content of ['1', '2', '3', '4']) room.says(ann, content)
    configure(room, { pending_max_count: 2 })
    room.says(ann, '5')
    expect(room.heardOf(ann, 'error').map(({ ref }) => ref)).toEqual(['c-5'])
    room.writes()
    expect(room.committedItems().map(({ content }) => content)).toEqual(['2', '3', '4'])
    room.writes()
    expect(room.heardOf(ann, 'ack').map((ack) => ack.client_message_id)).toEqual([
      ...['c-1', 'c-2', 'c-3', 'c-4'],
    ])
    room.says(ann, '6')
    expect(room.heardOf(ann, 'error')).toHaveLength(1)
  })

  test('[OPS-4] [SEQ-2] the mode of the next call: none is lost, doubled or overtaken', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    const modes: boolean[] = []
    for (let index = 0; index < 6; index += 1) {
      room.says(ann, `${index} a`)
      room.says(ann, `${index} b`)
      configure(room, { commit_in_group: index % 2 === 0 })
      modes.push(room.asked('commit').at(-1)?.request.in_group ?? false)
      room.writes()
    }
    while (room.state.pending.length > 0) room.writes()
    const said = [0, 1, 2, 3, 4, 5].flatMap((index) => [`${index} a`, `${index} b`])
    const contents = room.heardOf(ann, 'message').map(({ message }) => message.content)
    expect(contents).toEqual(said)
    expect(room.heardOf(ann, 'ack').map((ack) => ack.client_message_id)).toEqual(
      said.map((one) => `c-${one}`),
    )
    expect(new Set(modes)).toEqual(new Set([true, false]))
  })

  test('[OPS-4] [SEQ-4] the mode changes while the outcome is unknown: the same ids go again', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    for (const content of ['1', '2', '3']) room.says(ann, content)
    room.writes()
    const sent = room.commit().items
    room.answers({ kind: 'unknown' })
    configure(room, { commit_in_group: true, commit_batch_max_count: 1 })
    room.passes(1_000)
    expect(room.asked('commit').at(-1)?.request).toMatchObject({ in_group: true })
    expect(room.commit().items).toEqual(sent.slice(0, 1))
    const results = [committed(3)]
    room.answers({ kind: 'answered', results, changes: [] })
    expect(room.commit().items).toEqual(sent.slice(1))
  })

  test('[OPS-4] a call under way ends as it began, though its size would not be allowed any more', () => {
    const room = RoomBench.known()
    const ann = room.joins('ann')
    for (const content of ['1', '2', '3', '4']) room.says(ann, content)
    room.writes()
    expect(room.committedItems()).toHaveLength(3)
    configure(room, { commit_batch_max_count: 1 })
    room.writes()
    expect(room.heardOf(ann, 'ack')).toHaveLength(4)
    expect(room.state.pending).toEqual([])
  })
})

test('[OPS-4] [LIM-4] what is kept of the past is cut to the new measure at once', () => {
  const recent = Array.from({ length: 50 }, (_, index) => messageChange(index + 2))
  const details = someDetails({ last_revision: 51, last_sequence: 50 })
  const room = RoomBench.known({}, aSnapshot({ details, recent }))
  configure(room, { recent_max_count: 10 })
  const { record } = room.state
  if (record.phase !== 'known') throw new Error('the record is known')
  expect(record.recent.map(({ revision }) => revision)).toEqual(
    Array.from({ length: 10 }, (_, index) => index + 42),
  )
  expect(record.recent_bytes).toBe(record.recent.reduce((sum, { text }) => sum + text.length, 0))
  const ann = room.joins('ann', { since_revision: 45 })
  expect(room.revisions(ann)).toEqual([46, 47, 48, 49, 50, 51])
})

test('[OPS-4] [PRES-1] who is leaving is told after the new grace', () => {
  const room = RoomBench.known({ presence_grace_ms: 60_000 })
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  room.leaves(ann)
  room.passes(1_000)
  configure(room, { presence_grace_ms: 2_000 })
  room.passes(1_999)
  expect(room.comings(bob)).not.toContain('user_left ann')
  room.passes(1)
  expect(room.comings(bob)).toContain('user_left ann')
})

test('[OPS-4] [PRES-2] another size of crowd in detail: all hear how it stands', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  for (const user_id of ['bob', 'eve', 'olga']) room.joins(user_id)
  room.listensAfresh()
  configure(room, { presence_detail_max_count: 2 })
  room.passes(1_000)
  const [presence] = room.heardOf(ann, 'presence')
  expect(presence?.online).toHaveLength(2)
  expect(presence?.online_count).toBe(4)
})

test('[OPS-4] [LIM-2] other thresholds judge what is measured at once, and back', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  for (const content of ['1', '2', '3', '4']) room.says(ann, content)
  const up = { ...pressureSettings.up, queue_share: [0.0001, 0.5, 0.6, 0.7, 0.8] as const }
  configure(room, { pressure: { ...pressureSettings, up } })
  expect(room.heardOf(ann, 'degraded').map(({ level }) => level)).toEqual([1])
  while (room.state.pending.length > 0) room.writes()
  configure(room, {})
  room.passes(10_000)
  expect(room.heardOf(ann, 'degraded').map(({ level }) => level)).toEqual([1, 0])
})
