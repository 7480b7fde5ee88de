/** What the inbox hears of a room, and how often (INBOX-1). */
import { describe, expect, test } from 'vitest'
import { shardOfKey } from '../../../../src/lib/shard.ts'
import { nextWake } from '../../../../src/domain/room/next-wake.ts'
import {
  addition,
  aMember,
  aMessage,
  aSnapshot,
  committed,
  messageChange,
  removal,
  RoomBench,
  roleChange,
  someDetails,
} from './room-builder.ts'

const shards = 8

/** A room that `shard` watches, quiet since long. */
const watchedBy = (...watchers: readonly number[]): RoomBench => {
  const room = RoomBench.known()
  for (const shard of watchers) room.give({ type: 'watched', shard })
  room.passes(10_000)
  room.listensAfresh()
  return room
}

const shardOf = (user_id: string): number => shardOfKey(shards, user_id)

const newsTo = (room: RoomBench, shard: number) =>
  room.asked('notify').flatMap((effect) => (effect.shard === shard ? [effect.news] : []))

/** All shards that were told answer; undefined: they are away. */
const answers = (room: RoomBench, isInterested: boolean | undefined): void => {
  for (const told of room.tellings.splice(0)) room.give({ type: 'told', ...told, isInterested })
}

const says = (room: RoomBench, socket: string, content: string): void => {
  room.says(socket, content)
  room.writes()
}

describe('bursts', () => {
  test('[INBOX-1] the first message after quiet is told at once, the next ones together at the end of the window', () => {
    const room = watchedBy(3)
    const ann = room.joins('ann')
    says(room, ann, 'one')
    expect(newsTo(room, 3)).toMatchObject([
      { after: 1, revision: 2, last_sequence: 1, whole: true, said: [{ sender_id: 'ann' }] },
    ])
    says(room, ann, 'two')
    says(room, ann, 'three')
    expect(newsTo(room, 3)).toHaveLength(1)
    room.passes(1_000)
    expect(newsTo(room, 3).slice(1)).toMatchObject([
      {
        ...{ after: 2, revision: 4, last_sequence: 3, whole: true },
        said: [{ sequence_number: 2 }, { sequence_number: 3 }],
        last_message: { sender_id: 'ann', preview: 'three', message_type: 'text' },
      },
    ])
    room.passes(10_000)
    expect(newsTo(room, 3)).toHaveLength(2)
  })

  test('[INBOX-1] [LIM-4] a message in a room of 1,000 members costs at most one call per shard', () => {
    const members = Array.from({ length: 1_000 }, (_, index) => aMember(`person-${index}`))
    const room = RoomBench.known({}, aSnapshot({ members }))
    for (let shard = 0; shard < shards; shard += 1) room.give({ type: 'watched', shard })
    const socket = room.joins('person-1')
    room.passes(10_000)
    room.listensAfresh()
    says(room, socket, 'to all of you')
    expect(room.asked('notify')).toHaveLength(shards)
    // A mention of everybody is no dearer.
    room.listensAfresh()
    room.says(socket, '@channel', { mentions: members.map(({ user_id }) => user_id).slice(0, 100) })
    room.answers({
      kind: 'answered',
      results: [committed(3, { mentions: members.map(({ user_id }) => user_id) })],
      changes: [],
    })
    expect(room.asked('notify').length).toBeLessThanOrEqual(shards)
  })

  test('[INBOX-1] control: where nobody watches, nothing is told and nothing kept', () => {
    const room = watchedBy()
    says(room, room.joins('ann'), 'hello')
    room.passes(5_000)
    expect(room.asked('notify')).toEqual([])
    expect(room.asked('owe_activity')).toEqual([])
  })

  test('[INBOX-1] in a long burst storage is written twice, and not per window', () => {
    const room = watchedBy(3)
    const ann = room.joins('ann')
    for (let count = 0; count < 50; count += 1) {
      says(room, ann, `message ${count}`)
      room.passes(200)
    }
    expect(newsTo(room, 3).length).toBeLessThanOrEqual(12)
    expect(room.asked('owe_activity')).toEqual([{ type: 'owe_activity', owed: [] }])
    room.passes(10_000)
    expect(room.asked('owe_activity').map(({ owed }) => owed)).toEqual([[], undefined])
  })

  test('[INBOX-1] more than fits is not listed: the shard is told to read', () => {
    const room = RoomBench.known({ activity_max_count: 10 })
    room.give({ type: 'watched', shard: 3 })
    const ann = room.joins('ann')
    says(room, ann, 'opens the window')
    for (let count = 0; count < 20; count += 1) says(room, ann, `message ${count}`)
    room.passes(1_000)
    const last = newsTo(room, 3).at(-1)
    expect(last).toMatchObject({ after: 2, revision: 22, recount: true })
    expect(last?.said.length).toBeLessThanOrEqual(10)
  })
})

describe('what does not wait', () => {
  test('[INBOX-1] a mention is told at once, to the shard of the person alone, and again in the whole', () => {
    const mine = shardOf('bob')
    const other = (mine + 1) % shards
    const room = watchedBy(mine, other)
    const ann = room.joins('ann')
    says(room, ann, 'opens the window')
    room.listensAfresh()
    room.says(ann, '@bob', { mentions: ['bob'] })
    room.answers({ kind: 'answered', results: [committed(3, { mentions: ['bob'] })], changes: [] })
    expect(newsTo(room, other)).toEqual([])
    const [urgent] = newsTo(room, mine)
    expect(urgent).toMatchObject({
      whole: false,
      mentioned: [{ user_ids: ['bob'], preview: '@bob' }],
    })
    room.passes(1_000)
    expect(newsTo(room, mine)).toHaveLength(2)
    expect(newsTo(room, other)).toMatchObject([{ whole: true, after: 2, revision: 3 }])
  })

  test('[INBOX-1] a second mention at once does not say the first again; the whole says both once', () => {
    const shard = shardOf('bob')
    const room = watchedBy(shard)
    const ann = room.joins('ann')
    says(room, ann, 'opens the window')
    room.listensAfresh()
    room.answersTellings = false
    room.hears(messageChange(3, { mentions: ['bob'] }))
    room.hears(messageChange(4, { mentions: ['bob'] }))
    // The first of the two tellings was lost.
    const [first, second] = room.tellings.splice(0)
    if (!first || !second) throw new Error('nothing was told')
    expect(first.news).toMatchObject({ after: 2, said: [{ revision: 3 }] })
    expect(second.news).toMatchObject({ after: 3, said: [{ revision: 4 }] })
    room.give({ type: 'told', ...first, isInterested: undefined })
    room.give({ type: 'told', ...second, isInterested: true })
    room.passes(1_000)
    expect(newsTo(room, shard).at(-1)).toMatchObject({
      ...{ after: 2, whole: true, said: [{ revision: 3 }, { revision: 4 }] },
      mentioned: [{ revision: 3 }, { revision: 4 }],
    })
  })

  test('[INBOX-1] [LIM-4] a burst of calls to everybody: the first are told, the rest only counted', () => {
    const members = Array.from({ length: 200 }, (_, index) => aMember(`person-${index}`))
    const room = RoomBench.known({}, aSnapshot({ members }))
    for (let shard = 0; shard < shards; shard += 1) room.give({ type: 'watched', shard })
    room.passes(10_000)
    room.listensAfresh()
    const mentions = members.map(({ user_id }) => user_id)
    for (let call = 0; call < 20; call += 1)
      room.hears(
        ...Array.from({ length: 50 }, (_, index) =>
          messageChange(2 + call * 50 + index, { mentions }),
        ),
      )
    room.passes(1_000)
    const told = newsTo(room, 0)
    const ids = told.flatMap(({ mentioned }) => mentioned.flatMap(({ user_ids }) => user_ids))
    expect(told.length).toBeLessThan(6)
    expect(ids.length).toBeGreaterThan(5_000)
    expect(ids.length).toBeLessThan(40_000)
    expect(told.at(-1)).toMatchObject({ revision: 1_001, recount: true, said: [] })
  })

  test('[INBOX-1] mentioning oneself is no mention', () => {
    const room = watchedBy(shardOf('ann'))
    room.hears(messageChange(2, { mentions: ['ann'] }))
    expect(newsTo(room, shardOf('ann'))).toMatchObject([{ mentioned: [], said: [{}] }])
  })

  test.each([
    ['added', addition(2, 'kim'), { user_id: 'kim', role: 'editor' }],
    ['removed', removal(2, 'bob'), { user_id: 'bob', role: null }],
    ['given another role', roleChange(2, 'bob', 'viewer'), { user_id: 'bob', role: 'viewer' }],
  ])(
    '[INBOX-1] [SEC-2] somebody %s: their shard hears of it, watching or not',
    (_, change, member) => {
      const room = watchedBy()
      room.hears(change)
      expect(newsTo(room, shardOf(member.user_id))).toMatchObject([{ members: [member] }])
      expect(room.asked('notify')).toHaveLength(1)
    },
  )

  test('[INBOX-1] a change of status does not wait for the window', () => {
    const room = watchedBy(3)
    says(room, room.joins('ann'), 'opens the window')
    room.hears({
      ...{ type: 'system', event: 'room_updated', revision: 3, actor_id: 'olga' },
      ...{ timestamp: '2026-01-01T00:00:00.000Z', changes: { status: 'resolved' } },
    })
    expect(newsTo(room, 3).at(-1)).toMatchObject({ whole: true, status: 'resolved', revision: 3 })
  })
})

const edit = (revision: number, content: string, ...mentions: string[]) =>
  ({
    type: 'message_edited',
    ...{ revision, content, mentions, message_id: aMessage(2).message_id, actor_id: 'ann' },
    ...{ timestamp: '2026-01-01T00:00:00.000Z', edited_at: '2026-01-01T00:00:00.000Z' },
  }) as const

const shardsOfBobAndEve = [...new Set([shardOf('bob'), shardOf('eve')])]

/** Of each telling to the shards of bob and eve: who is mentioned, with what words. */
const mentionsTold = (room: RoomBench) =>
  shardsOfBobAndEve.flatMap((shard) =>
    newsTo(room, shard).flatMap(({ mentioned, whole }) =>
      whole ? [] : mentioned.map(({ preview, user_ids }) => `${preview}: ${user_ids.join(' ')}`),
    ),
  )

describe('an edit that mentions somebody', () => {
  test('[MSG-7] [INBOX-1] is told at once to those alone whom the message did not mention before', () => {
    const room = watchedBy(...shardsOfBobAndEve)
    room.hears(messageChange(2, { mentions: ['bob'] }))
    room.listensAfresh()
    room.hears(edit(3, '@bob @eve', 'bob', 'eve'))
    expect(mentionsTold(room)).toEqual(['@bob @eve: eve'])
    expect(newsTo(room, shardOf('eve'))).toMatchObject([
      {
        ...{ recount: true, revision: 3 },
        mentioned: [
          { revision: 3, sequence_number: 1, sender_id: 'ann', message_id: aMessage(2).message_id },
        ],
      },
    ])
  })

  test('[MSG-7] [INBOX-1] is not told again, nor where the mention comes back', () => {
    const room = watchedBy(...shardsOfBobAndEve)
    room.hears(messageChange(2))
    room.hears(edit(3, '@eve', 'eve'))
    room.passes(5_000)
    room.listensAfresh()
    room.hears(messageChange(4))
    room.hears(edit(5, '@eve, please', 'eve'))
    room.hears(edit(6, 'nobody'))
    room.hears(edit(7, '@eve', 'eve'))
    expect(mentionsTold(room)).toEqual([])
    // Control: somebody else is.
    room.hears(edit(8, '@bob', 'bob'))
    expect(mentionsTold(room)).toEqual(['@bob: bob'])
  })

  test('[MSG-7] of oneself it is no mention, and of a message long gone nothing is told', () => {
    const room = watchedBy(shardOf('ann'), shardOf('eve'))
    room.hears(messageChange(2))
    room.hears(edit(3, '@ann', 'ann'))
    expect(newsTo(room, shardOf('ann')).flatMap(({ mentioned }) => mentioned)).toEqual([])
    const forgetful = RoomBench.known()
    forgetful.give({ type: 'watched', shard: shardOf('eve') })
    forgetful.hears(edit(2, '@eve', 'eve'))
    expect(newsTo(forgetful, shardOf('eve'))).toMatchObject([{ recount: true, mentioned: [] }])
  })
})

const deletion = (revision: number, message_id: string) =>
  ({
    type: 'message_deleted',
    ...{ revision, message_id, actor_id: 'ann', deleted_by: 'ann' },
    ...{ timestamp: '2026-01-01T00:00:00.000Z', deleted_at: '2026-01-01T00:00:00.000Z' },
  }) as const

describe('words that were taken back', () => {
  test('[MSG-8] [INBOX-1] said and deleted in one window: the words are not told, the counts are read', () => {
    const room = watchedBy(3)
    says(room, room.joins('ann'), 'opens the window')
    const secret = aMessage(3, { content: 'secret', mentions: ['bob'] })
    room.hears({ type: 'message', revision: 3, message: secret }, deletion(4, secret.message_id))
    room.passes(1_000)
    const told = newsTo(room, 3).at(-1)
    expect(told).toMatchObject({ recount: true, mentioned: [], last_message: undefined })
    expect(JSON.stringify(room.asked('notify'))).not.toContain('secret')
  })

  test('[INBOX-1] control: of another message nothing is taken back', () => {
    const room = watchedBy(3)
    says(room, room.joins('ann'), 'opens the window')
    const message = aMessage(3, { content: 'stays', mentions: ['bob'] })
    room.hears({ type: 'message', revision: 3, message }, deletion(4, 'another'))
    room.passes(1_000)
    expect(newsTo(room, 3).at(-1)).toMatchObject({
      ...{ recount: true, mentioned: [{ preview: 'stays' }], last_message: { preview: 'stays' } },
    })
  })
})

describe('who watches', () => {
  test('[INBOX-1] watchers outlive the memory; one that is not interested is dropped', () => {
    const room = watchedBy(3)
    room.sleeps()
    room.answersTellings = false
    room.give({ type: 'needed' })
    room.loads()
    expect(newsTo(room, 3)).toMatchObject([{ after: 1, revision: 1, said: [] }])
    answers(room, false)
    room.passes(5_000)
    room.listensAfresh()
    says(room, room.joins('ann'), 'hello')
    expect(newsTo(room, 3)).toEqual([])
  })

  test('[INBOX-1] an answer that is older than the latest watch drops nobody', () => {
    const room = watchedBy(3)
    const ann = room.joins('ann')
    room.answersTellings = false
    says(room, ann, 'hello')
    room.give({ type: 'watched', shard: 3 })
    answers(room, false)
    room.answersTellings = true
    room.passes(5_000)
    room.listensAfresh()
    says(room, ann, 'again')
    expect(newsTo(room, 3)).toHaveLength(1)
  })
})

describe('eviction', () => {
  test('[INBOX-1] what is owed is told by the next instance, from the record, without anybody asking', () => {
    const room = watchedBy(3)
    const ann = room.joins('ann')
    says(room, ann, 'one')
    says(room, ann, 'two')
    room.leaves(ann)
    room.listensAfresh()
    room.sleeps()
    expect(nextWake(room.state)).toBeDefined()
    room.passes(0)
    expect(room.asked('load')).toHaveLength(1)
    const details = someDetails({ last_revision: 3, last_sequence: 2 })
    room.loads(aSnapshot({ details }))
    room.passes(2_000)
    expect(newsTo(room, 3)).toMatchObject([{ after: 3, revision: 3, last_sequence: 2 }])
    room.passes(10_000)
    expect(room.asked('owe_activity').at(-1)).toMatchObject({ owed: undefined })
    expect(nextWake(room.state)).toBeUndefined()
  })

  test('[INBOX-1] [SEC-2] a removal that nobody heard of before the room died is told by the next', () => {
    const shard = shardOf('bob')
    const room = watchedBy()
    room.answersTellings = false
    room.hears(removal(2, 'bob'))
    expect(newsTo(room, shard)).toHaveLength(1)
    room.tellings.splice(0)
    room.listensAfresh()
    room.sleeps()
    room.passes(2_000)
    const members = [aMember('ann')]
    room.loads(aSnapshot({ members, details: someDetails({ last_revision: 2 }) }))
    room.passes(2_000)
    expect(newsTo(room, shard)).toMatchObject([{ members: [{ user_id: 'bob', role: null }] }])
  })

  test('[INBOX-1] a shard that does not answer is told again, not for ever', () => {
    const room = watchedBy(3)
    room.answersTellings = false
    says(room, room.joins('ann'), 'hello')
    for (let count = 0; count < 10; count += 1) {
      answers(room, undefined)
      room.passes(1_000)
    }
    const told = newsTo(room, 3)
    expect(told).toHaveLength(5)
    for (const news of told) expect(news).toMatchObject({ after: 1, said: [{ revision: 2 }] })
  })

  test('[INBOX-1] control: a quiet watched room that wakes for its heartbeat loads nothing', () => {
    const room = watchedBy(3)
    room.joins('ann')
    room.passes(20_000)
    room.sleeps()
    room.listensAfresh()
    room.passes(60_000)
    expect(room.asked('load')).toEqual([])
    expect(room.asked('notify')).toEqual([])
  })
})
