import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Degraded } from '../../../src/protocol/degradation.ts'
import type { DownFrame } from '../../../src/protocol/down.ts'
import { READ_MARKS_MAX_COUNT, TYPING_TTL_MS } from '../../../src/protocol/limits.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { MemberMark, MemberMarkList } from '../../../src/protocol/read-mark.ts'
import type { HistoryQuery, Result } from '../../../web/src/sync/api.ts'
import type { KeyValueStore } from '../../../web/src/sync/key-value-store.ts'
import { CHANGE_TIMEOUT_MS } from '../../../web/src/sync/change-requests.ts'
import { pinnedOf } from '../../../web/src/sync/pins.ts'
import { READ_REPEAT_MS } from '../../../web/src/sync/read-mark.ts'
import { RECOVERY_SPREAD_MS } from '../../../web/src/sync/outbox.ts'
import { RoomSync } from '../../../web/src/sync/room-sync.ts'
import { aCard, aMessageFrame, aRoom, aWelcome, messages, room_id } from './builders.ts'
import {
  FakeClock,
  FakeNetwork,
  FakeSurroundings,
  countingIds,
  memoryStore,
  settle,
  type FakeSocket,
} from './fakes.ts'
import { FakeRecord, anAct, type Act } from './record.ts'

const me = 'alice@muster.test'

/** A room that commits, numbers, replays and pages as the real one does, and can be cut off. */
class FakeRoom {
  readonly network = new FakeNetwork()
  readonly record = new FakeRecord()
  /** Committed, but its ack and broadcast are lost with the socket. */
  loses_answers = false
  /** What the page sends never arrives. */
  loses_requests = false
  pages_fail = false
  /** Pages end this many messages early, as a lagging replica's would. */
  lag_count = 0
  page_count = 0
  online_count = 1
  #live: FakeSocket | undefined

  constructor(history_count: number) {
    for (let n = 0; n < history_count; n += 1) this.record.say()
    this.network.onOpen = (socket) => {
      this.#live = socket
    }
    this.network.onUp = (socket, frame) => {
      if (frame.type !== 'message' || socket !== this.#live || this.loses_requests) return
      const client_message_id = frame.client_message_id ?? ''
      const known = this.log.find(
        (m) => m.client_message_id === client_message_id && m.sender_id === me,
      )
      const message =
        known ?? this.record.say({ sender_id: me, client_message_id, content: frame.content })
      if (this.loses_answers) return
      const { message_id, sequence_number, revision, created_at } = message
      if (known === undefined) this.deliver(aMessageFrame(message))
      this.deliver({
        type: 'ack',
        client_message_id,
        message_id,
        sequence_number,
        revision,
        created_at,
      })
    }
  }

  get log(): readonly Message[] {
    return this.record.messages
  }

  /** Somebody does something; the frame may get lost. */
  act(what: Act, options: { lost?: boolean } = {}): void {
    const change = this.record.do(what)
    if (change !== undefined && options.lost !== true) this.deliver(change)
  }

  /** Somebody else says something; the frame may get lost. */
  say(options: { lost?: boolean } = {}): void {
    this.act({ act: 'say' }, options)
  }

  deliver(...frames: DownFrame[]): void {
    this.#live?.deliver(...frames)
  }

  /** Welcomes the newest socket, with the replay it asked for. */
  admit(): void {
    const { last_sequence, last_revision } = this.record
    const { online_count } = this
    this.deliver(aWelcome({ last_sequence, last_revision, online_count }))
    const since = this.#live?.since_revision
    if (since === undefined) return
    this.deliver(...this.record.replay(since), {
      type: 'resumed',
      recovered: true,
      from_revision: since,
      to_revision: last_revision,
    })
  }

  cut(code = 1006): void {
    const socket = this.#live
    this.#live = undefined
    socket?.end(code)
  }

  get isConnected(): boolean {
    return this.#live !== undefined
  }

  readonly pins = async (): Promise<Result<{ messages: Message[] }>> => ({
    ok: true,
    value: { messages: this.log.filter((message) => message.pin !== null) },
  })

  read_marks: MemberMark[] = []

  readonly readMarks = async (): Promise<Result<MemberMarkList>> => ({
    ok: true,
    value: { read_marks: this.read_marks },
  })

  readonly message = async (message_id: string): Promise<Result<Message>> => {
    const message = this.log.find((candidate) => candidate.message_id === message_id)
    return message === undefined
      ? { ok: false, failure: { code: 'not_found', detail: '' } }
      : { ok: true, value: message }
  }

  readonly page = async (query: HistoryQuery): Promise<Result<never>> => {
    this.page_count += 1
    if (this.pages_fail) return { ok: false, failure: { code: 'unavailable', detail: '' } }
    const visible = this.log.slice(0, this.log.length - this.lag_count)
    const page = { messages: pageOf(visible, query).toReversed() }
    return { ok: true, value: page as never }
  }
}

const pageOf = (log: readonly Message[], query: HistoryQuery): readonly Message[] => {
  const { limit, before_sequence, after_sequence, around } = query
  if (after_sequence !== undefined) return log.slice(after_sequence, after_sequence + limit)
  if (around === undefined) return log.slice(0, (before_sequence ?? Infinity) - 1).slice(-limit)
  return log.slice(Math.max(0, around - 1 - limit / 2), around + limit / 2).slice(-limit)
}

const open = (room: FakeRoom, given: { store?: KeyValueStore; newId?: () => string } = {}) => {
  const clock = new FakeClock()
  const surroundings = new FakeSurroundings()
  const sync = new RoomSync({
    room_id,
    user_id: me,
    api: {
      messages: (_room_id, query) => room.page(query),
      message: (_room_id, message_id) => room.message(message_id),
      pins: async () => room.pins(),
      readMarks: async () => room.readMarks(),
      members: async () => ({ ok: true, value: { members: [] } }),
      room: async () => ({ ok: true, value: aCard({ read_sequence: 2, unread_count: 1 }) }),
    },
    clock,
    random: () => 0.5,
    newId: given.newId ?? countingIds(),
    store: given.store ?? memoryStore(),
    openSocket: room.network.openSocket,
    surroundings,
    onState: () => {},
  })
  sync.start()
  const held = () => sync.state.timeline.messages.map((message) => message.sequence_number)
  return { sync, clock, surroundings, held }
}

const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => from + i)

test('[WEB-11] a fresh page: position from the welcome, the newest page over REST, then live', async () => {
  const room = new FakeRoom(120)
  const { sync, held } = open(room)
  room.admit()
  room.say()
  await settle()
  expect(held()).toEqual(upTo(121, 71))
  expect(sync.state).toMatchObject({ history: { kind: 'idle' }, connection: { kind: 'live' } })
})

test('[WEB-3] history above loads page by page down to the first message', async () => {
  const room = new FakeRoom(220)
  const { sync, held } = open(room)
  room.admit()
  await settle()
  for (let page = 0; page < 4; page += 1) {
    sync.loadOlder()
    await settle()
  }
  expect(held()).toEqual(upTo(220))
  expect(room.page_count).toBe(3)
})

test('[WEB-11] a lost frame is noticed by the next one and fetched by resuming', async () => {
  const room = new FakeRoom(3)
  const { held } = open(room)
  room.admit()
  await settle()
  room.say({ lost: true })
  room.say()
  expect(held()).toEqual(upTo(3))
  expect(room.network.latest.since_revision).toBe(4)
  room.admit()
  expect(held()).toEqual(upTo(5))
})

test('[RUN-3] frames of a newer server: what is not known is passed over, and numbers go on', async () => {
  const room = new FakeRoom(3)
  const { sync, held } = open(room)
  room.admit()
  await settle()
  const [first] = room.log
  const before = sync.state.timeline.messages[0]
  const { last_revision } = room.record
  const newer = [
    { type: 'tomorrow', anything: { at: 'all' } },
    // Changes have numbers, whatever they are; one is of a message that is shown.
    { type: 'message_starred', revision: last_revision + 1, message_id: first?.message_id },
    { type: 'room_painted', revision: last_revision + 2, color: 'red' },
    { type: 'system', event: 'room_merged', revision: last_revision + 3, with: 'another' },
    { type: 'presence', online: [], online_count: 0, more: true },
  ]
  room.deliver(...(newer as unknown as DownFrame[]))
  expect(sync.state.timeline.last_revision).toBe(last_revision + 3)
  expect(sync.state.timeline.messages[0]).toMatchObject({
    ...before,
    changed_revision: expect.any(Number) as number,
  })
  const next = aMessageFrame(messages(4, 4)[0] as Message)
  const revision = last_revision + 4
  room.deliver({ ...next, revision, message: { ...next.message, revision } })
  expect(held()).toEqual(upTo(4))
  expect(room.network.sockets).toHaveLength(1)
})

test('[CONN-5] a snapshot replaces everything, and a page asked for before it is thrown away', async () => {
  const room = new FakeRoom(120)
  const { sync, held } = open(room)
  room.admit()
  await settle()
  sync.loadOlder()
  const details = aRoom({ last_sequence: 900 })
  const newest = messages(891, 900).toReversed()
  room.deliver({ type: 'snapshot', revision: 901, room: details, members: [], messages: newest })
  await settle()
  expect(held()).toEqual(upTo(900, 891))
})

test('[WEB-3] a page that fails says so, and Retry brings it', async () => {
  const room = new FakeRoom(220)
  const { sync, held } = open(room)
  room.admit()
  await settle()
  room.pages_fail = true
  sync.loadOlder()
  await settle()
  expect(sync.state.history).toMatchObject({ kind: 'failed', failure: { code: 'unavailable' } })
  room.pages_fail = false
  sync.loadOlder()
  await settle()
  expect(held()).toEqual(upTo(220, 71))
})

test('[DB-6] a page from a lagging replica leaves no hole: it is asked for until closed', async () => {
  const room = new FakeRoom(10)
  room.lag_count = 2
  const { sync, clock, held } = open(room)
  room.admit()
  await settle()
  expect(held()).toEqual(upTo(8))
  expect(sync.state.history.kind).toBe('failed')
  room.lag_count = 0
  clock.advance(20_000)
  await settle()
  expect(held()).toEqual(upTo(10))
  expect(sync.state.history.kind).toBe('idle')
})

const away = (sync: RoomSync) => sync.state.away?.messages.map((message) => message.sequence_number)

const farAway = async () => {
  const room = new FakeRoom(1_000)
  const opened = open(room)
  room.admit()
  await settle()
  expect(await opened.sync.goToMessage('message-300')).toEqual({ kind: 'shown' })
  return { room, ...opened }
}

test('[WEB-8] a message far away is shown among its neighbours, the newest stay beside it', async () => {
  const { room, sync, held } = await farAway()
  expect(away(sync)).toEqual(upTo(325, 276))
  room.say()
  expect(away(sync)).toEqual(upTo(325, 276))
  expect(held()).toEqual(upTo(1_001, 951))
  sync.goToLatest()
  expect(away(sync)).toBeUndefined()
})

test('[WEB-8] from there it goes on in both directions, down to where the timeline begins', async () => {
  const { sync, held } = await farAway()
  for (let page = 0; page < 3; page += 1) {
    sync.loadOlder()
    await settle()
  }
  expect(away(sync)?.[0]).toBe(1)
  for (let page = 0; page < 7; page += 1) {
    await sync.loadNewer()
    await settle()
  }
  expect(away(sync)).toBeUndefined()
  expect(held()).toEqual(upTo(1_000))
})

test('[WEB-8] what happens to messages far away shows there', async () => {
  const { room, sync } = await farAway()
  room.act({ act: 'edit', nth: 299 })
  room.act({ act: 'delete', nth: 300 })
  room.act({ act: 'edit', nth: 349 })
  await sync.loadNewer()
  expect(sync.state.away?.messages).toEqual(room.log.slice(275, 425))
})

test('[WEB-8] a page that fails says so at its own end, and Retry brings it', async () => {
  const { room, sync } = await farAway()
  room.pages_fail = true
  await sync.loadNewer()
  expect(sync.state.away).toMatchObject({ older: { kind: 'idle' }, newer: { kind: 'failed' } })
  room.pages_fail = false
  await sync.loadNewer()
  expect(away(sync)).toEqual(upTo(425, 276))
})

test('[DB-6] a lagging replica leaves no hole above a place far away', async () => {
  const room = new FakeRoom(1_000)
  const { sync } = open(room)
  room.admit()
  await settle()
  await sync.goToMessage('message-300')
  room.lag_count = 800
  sync.loadOlder()
  await settle()
  expect(away(sync)).toEqual(upTo(325, 276))
  expect(sync.state.away?.older.kind).toBe('failed')
})

test('[WEB-8] a message that is not there is missing, one that cannot be asked for has failed', async () => {
  const { room, sync } = await farAway()
  expect(await sync.goToMessage('nothing')).toEqual({ kind: 'missing' })
  room.pages_fail = true
  expect(await sync.goToMessage('message-600')).toMatchObject({ kind: 'failed' })
  expect(away(sync)).toEqual(upTo(325, 276))
})

test('[WEB-8] of two wishes the later one counts', async () => {
  const { sync } = await farAway()
  const first = sync.goToMessage('message-500')
  const second = sync.goToMessage('message-700')
  expect([await first, await second]).toEqual([{ kind: 'superseded' }, { kind: 'shown' }])
  expect(away(sync)).toContain(700)
})

test('[CONN-5] after a snapshot a place far away is read again', async () => {
  const { room, sync } = await farAway()
  room.act({ act: 'edit', nth: 299 }, { lost: true })
  const details = aRoom({ last_sequence: 1_000 })
  const newest = room.log.slice(-10).toReversed()
  const { last_revision: revision } = room.record
  room.deliver({ type: 'snapshot', revision, room: details, members: [], messages: newest })
  await settle()
  expect(sync.state.away?.messages).toContainEqual(room.log[299])
})

test('[WEB-3] how far one had read is told by the card, or asked', async () => {
  const room = new FakeRoom(3)
  const { sync } = open(room)
  expect(await sync.askReadSequence(undefined)).toBe(2)
  expect(await sync.askReadSequence(aCard({ read_sequence: 1, unread_count: 2 }))).toBe(1)
  expect(await sync.askReadSequence(aCard({ read_sequence: 1 }))).toBeUndefined()
})

test('[INBOX-2] who leaves the room has read what was seen', async () => {
  const room = new FakeRoom(3)
  const { sync } = open(room)
  room.admit()
  await settle()
  sync.markRead()
  room.say()
  sync.markRead()
  expect(readSoFar(room)).toEqual([3])
  sync.close()
  expect(readSoFar(room)).toEqual([3, 4])
})

test('[MSG-3] an answer lost with the socket: one message, no duplicate, nothing pending', async () => {
  const room = new FakeRoom(0)
  const { sync, clock, held } = open(room)
  room.admit()
  await settle()
  room.loses_answers = true
  sync.say({ content: 'hello' })
  room.cut()
  room.loses_answers = false
  clock.advance(500)
  room.admit()
  await settle()
  expect(room.log).toHaveLength(1)
  expect(held()).toEqual([1])
  expect(sync.state.outbox).toEqual([])
})

test('[WEB-3] written while cut off, then reloaded: sent once, in order, after the reconnect', async () => {
  const room = new FakeRoom(2)
  const store = memoryStore()
  const newId = countingIds()
  const before = open(room, { store, newId })
  room.admit()
  await settle()
  room.cut()
  before.sync.say({ content: 'one' })
  before.sync.say({ content: 'two' })
  before.sync.close()
  const after = open(room, { store, newId })
  expect(after.sync.state.outbox.map((entry) => entry.content)).toEqual(['one', 'two'])
  room.admit()
  await settle()
  expect(room.log.slice(2).map((message) => message.content)).toEqual(['one', 'two'])
  expect(after.sync.state.outbox).toEqual([])
})

test('[PRES-3] typing clears itself when nothing more is heard', () => {
  const room = new FakeRoom(0)
  const { sync, clock } = open(room)
  room.admit()
  room.deliver({ type: 'typing', user_ids: ['bob@muster.test'] })
  expect(sync.state.typing).toEqual(['bob@muster.test'])
  clock.advance(TYPING_TTL_MS)
  expect(sync.state.typing).toEqual([])
})

test('[PRES-3] typing is told at most every two seconds, and its end once', () => {
  const room = new FakeRoom(0)
  const { sync, clock } = open(room)
  room.admit()
  for (let key = 0; key < 30; key += 1) {
    sync.typing(true)
    clock.advance(100)
  }
  sync.typing(false)
  sync.typing(false)
  expect(room.network.latest.sent).toEqual([
    { type: 'typing', is_typing: true },
    { type: 'typing', is_typing: true },
    { type: 'typing', is_typing: false },
  ])
})

const file = {
  file_id: '01900000-0000-7000-8000-00000000000f',
  name: 'leak.jpg',
  size: 2048,
  content_type: 'image/jpeg',
  width: 640,
  height: 480,
}

const degraded: Degraded = { type: 'degraded', level: 0, paused: [], database: 'reachable' }

test('[LIM-2] typing that is paused is not told', () => {
  const room = new FakeRoom(1)
  const { sync } = open(room)
  room.admit()
  room.deliver({ ...degraded, level: 1, paused: ['typing'] })
  sync.typing(true)
  expect(room.network.latest.sent).not.toContainEqual({ type: 'typing', is_typing: true })
  room.deliver(degraded)
  sync.typing(true)
  expect(room.network.latest.sent).toContainEqual({ type: 'typing', is_typing: true })
})

test('[LIM-3] without its database: what is said is kept, and sent by itself once it is back', async () => {
  const room = new FakeRoom(1)
  const { sync, clock } = open(room)
  room.admit()
  await settle()
  room.deliver({ ...degraded, database: 'away' })
  room.loses_requests = true
  sync.say({ content: 'one' })
  sync.say({ content: 'two' })
  const refused = { type: 'error', code: 'unavailable', message: '' } as const
  room.deliver({ ...refused, ref: 'id-000001', retry_after_ms: 15_000 })
  expect(sync.state.outbox.map(({ status }) => status.kind)).toEqual(['pending', 'pending'])
  room.loses_requests = false
  room.deliver(degraded)
  clock.advance(RECOVERY_SPREAD_MS)
  expect(room.log.slice(1).map(({ content }) => content)).toEqual(['one', 'two'])
  expect(sync.state.outbox).toEqual([])
  expect(sync.state.hindrance).toBeUndefined()
})

test('[API-5] a picture with a caption, in reply, is sent as such, also after a reload', async () => {
  const room = new FakeRoom(1)
  const store = memoryStore()
  const newId = countingIds()
  const before = open(room, { store, newId })
  before.sync.say({ content: 'here', file, reply_to: 'message-1' })
  before.sync.say({ content: '', file: { ...file, width: null, height: null } })
  before.sync.close()
  open(room, { store, newId })
  room.admit()
  await settle()
  expect(room.network.latest.sent.filter((frame) => frame.type === 'message')).toMatchObject([
    { message_type: 'image_ref', file_id: file.file_id, content: 'here', reply_to: 'message-1' },
    { message_type: 'file_ref', file_id: file.file_id, content: '', reply_to: null },
  ])
})

const thumb = { type: 'add_reaction', message_id: 'message-1', emoji: '👍' } as const

/** What the page asked last, as the room got it. */
const asked = (room: FakeRoom) => {
  const frame = room.network.latest.sent.at(-1)
  if (frame?.type !== 'add_reaction' || frame.ref === undefined) throw new Error('nothing asked')
  return { message_id: frame.message_id, ref: frame.ref }
}

test('[MSG-9] a change is done when its ack comes, and refused when its error comes', async () => {
  const room = new FakeRoom(1)
  const { sync } = open(room)
  room.admit()
  const done = sync.change(thumb)
  const first = asked(room)
  const refused = sync.change(thumb)
  const second = asked(room)
  room.deliver({ type: 'error', code: 'forbidden', message: 'no', ref: second.ref })
  room.deliver({ type: 'change_ack', status: 'unchanged', ...first })
  expect(await refused).toEqual({ code: 'forbidden', detail: 'no' })
  expect(await done).toBeUndefined()
})

test('[MSG-9] a change whose answer is lost, late or impossible is not left open', async () => {
  const room = new FakeRoom(1)
  const { sync, clock } = open(room)
  expect(await sync.change(thumb)).toMatchObject({ code: 'unreachable' })
  room.admit()
  const cut = sync.change(thumb)
  room.cut()
  expect(await cut).toMatchObject({ code: 'unreachable' })
  clock.advance(500)
  room.admit()
  const late = sync.change(thumb)
  clock.advance(CHANGE_TIMEOUT_MS)
  expect(await late).toMatchObject({ code: 'unreachable' })
})

test('[MSG-7] the time left to edit is counted by the clock of the server', () => {
  const room = new FakeRoom(0)
  const { sync, clock } = open(room)
  const server_time = new Date(clock.now() + 90_000).toISOString()
  room.deliver(aWelcome({ server_time }))
  expect(sync.state.server_ahead_ms).toBe(90_000)
})

test('[MSG-11] pins stay in step, also of messages that are not held', async () => {
  const room = new FakeRoom(120)
  const { sync } = open(room)
  const shown = () =>
    pinnedOf(sync.state.pins ?? [], sync.state.timeline.messages).map((m) => m.sequence_number)
  room.act({ act: 'pin', nth: 0 })
  room.admit()
  await settle()
  await sync.loadPins()
  expect(shown()).toEqual([1])
  room.act({ act: 'pin', nth: 1 })
  room.act({ act: 'pin', nth: 100 })
  await settle()
  expect(shown()).toEqual([1, 2, 101])
  room.act({ act: 'unpin', nth: 0 })
  room.act({ act: 'delete', nth: 100 })
  expect(shown()).toEqual([2])
})

test('[MSG-11] pins read before a change and arriving after it do not undo it', async () => {
  const room = new FakeRoom(120)
  const { sync } = open(room)
  room.act({ act: 'pin', nth: 0 })
  room.admit()
  await settle()
  const loading = sync.loadPins()
  room.act({ act: 'unpin', nth: 0 })
  await loading
  expect(pinnedOf(sync.state.pins ?? [], sync.state.timeline.messages)).toEqual([])
})

const readSoFar = (room: FakeRoom) =>
  room.network.sockets.flatMap((socket) =>
    socket.sent.flatMap((frame) => (frame.type === 'read' ? [frame.sequence_number] : [])),
  )

test('[INBOX-2] the mark moves forward, at most once a second, and ends at the newest', async () => {
  const room = new FakeRoom(3)
  const { sync, clock } = open(room)
  room.admit()
  await settle()
  for (let n = 0; n < 5; n += 1) {
    sync.markRead()
    room.say()
  }
  sync.markRead()
  expect(readSoFar(room)).toEqual([3])
  clock.advance(READ_REPEAT_MS)
  expect(readSoFar(room)).toEqual([3, 8])
  clock.advance(READ_REPEAT_MS)
  sync.markRead()
  expect(readSoFar(room)).toEqual([3, 8])
})

test('[INBOX-2] the mark is told again after a reconnect, for its word may be lost', async () => {
  const room = new FakeRoom(3)
  const { sync, clock } = open(room)
  room.admit()
  await settle()
  sync.markRead()
  room.cut()
  clock.advance(500)
  room.admit()
  expect(readSoFar(room)).toEqual([3, 3])
})

test('[INBOX-2] an admin who is no member has no mark', async () => {
  const room = new FakeRoom(3)
  const { sync } = open(room)
  room.deliver(aWelcome({ role: null, last_sequence: 3, last_revision: 4 }))
  await settle()
  sync.markRead()
  expect(readSoFar(room)).toEqual([])
})

const step = fc.oneof(
  anAct,
  fc.constantFrom(
    'say',
    'say lost',
    'write',
    'write, answer lost',
    'write, request lost',
    'cut',
    'restart',
    'admit',
    'older',
    'newer',
    'go',
    'leave',
    'pages fail',
    'wait',
    'offline',
    'online',
  ),
)

test('[WEB-11] whatever is lost or cut, every message is shown once, in order and as it is in the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.nat(130),
      async (steps, history_count) => {
        const room = new FakeRoom(history_count)
        const { sync, clock, surroundings, held } = open(room)
        let written_count = 0
        for (const what of steps) {
          if (typeof what === 'object') {
            room.act(what)
            continue
          }
          room.loses_answers = what === 'write, answer lost'
          room.loses_requests = what === 'write, request lost'
          room.pages_fail = what === 'pages fail'
          if (what === 'say') room.say()
          if (what === 'say lost') room.say({ lost: true })
          if (what.startsWith('write')) sync.say({ content: `own ${(written_count += 1)}` })
          if (what === 'cut') room.cut()
          if (what === 'restart') room.cut(1012)
          if (what === 'admit') room.admit()
          if (what === 'older') sync.loadOlder()
          if (what === 'newer') void sync.loadNewer()
          if (what === 'go') void sync.goToSequence(1 + (steps.length % (history_count + 1)))
          if (what === 'leave') sync.goToLatest()
          if (what === 'wait') clock.advance(7_000)
          if (what === 'offline') surroundings.goOffline()
          if (what === 'online') surroundings.goOnline()
          await settle()
          const shown = held()
          expect(shown).toEqual([...new Set(shown)].toSorted((a, b) => a - b))
          const [first] = away(sync) ?? [0]
          expect(away(sync) ?? []).toEqual(
            upTo((first ?? 0) + (away(sync)?.length ?? 0) - 1, first),
          )
        }
        room.loses_answers = false
        room.loses_requests = false
        room.pages_fail = false
        surroundings.goOnline()
        for (let round = 0; round < 30; round += 1) {
          if (sync.state.connection.kind === 'connecting') room.admit()
          await settle()
          sync.loadOlder()
          clock.advance(5_000)
          if (sync.state.connection.kind === 'live') room.say()
          await settle()
        }
        const stretch = sync.state.away?.messages ?? []
        const from = (stretch[0]?.sequence_number ?? 1) - 1
        expect(stretch).toEqual(room.log.slice(from, from + stretch.length))
        sync.goToLatest()
        for (let round = 0; round < 6; round += 1) {
          sync.loadOlder()
          await settle()
        }
        expect(sync.state.timeline.messages).toEqual(room.log)
        expect(sync.state.outbox).toEqual([])
        const own = room.log.filter((message) => message.sender_id === me)
        expect(own).toHaveLength(written_count)
        own.forEach(({ content, edited_at, deleted_at }, index) => {
          if (edited_at === null && deleted_at === null) expect(content).toBe(`own ${index + 1}`)
        })
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)

test('[INBOX-2] read marks are listed once per connection, and what is told meanwhile counts', async () => {
  const room = new FakeRoom(5)
  room.read_marks = [{ user_id: 'bob@muster.test', read_sequence: 3 }]
  const { sync, clock } = open(room)
  expect(sync.state.are_marks_known).toBe(false)
  room.admit()
  const read_marks = [{ user_id: 'bob@muster.test', read_sequence: 4 }]
  room.deliver({ type: 'read_marks', read_marks })
  await settle()
  expect(sync.state.are_marks_known).toBe(true)
  expect([...sync.state.read_marks]).toEqual([['bob@muster.test', 4]])
  room.cut()
  room.read_marks = [{ user_id: 'bob@muster.test', read_sequence: 5 }]
  clock.advance(500)
  room.admit()
  await settle()
  expect([...sync.state.read_marks]).toEqual([['bob@muster.test', 5]])
})

test('[INBOX-2] in a crowd marks are not asked for', async () => {
  const room = new FakeRoom(5)
  const { sync } = open(room)
  room.online_count = READ_MARKS_MAX_COUNT + 1
  room.admit()
  await settle()
  expect(sync.state.are_marks_known).toBe(false)
})

test('[WEB-1] an answer that is older than what the room told changes nothing', async () => {
  const room = new FakeRoom(3)
  const { sync } = open(room)
  room.admit()
  await settle()
  const told = sync.state.details
  const last_revision = sync.state.timeline.last_revision ?? 0
  sync.setDetails(aRoom({ status: 'resolved', last_revision }))
  expect(sync.state.details).toBe(told)
  sync.setDetails(aRoom({ status: 'resolved', last_revision: last_revision + 1 }))
  expect(sync.state.details?.status).toBe('resolved')
})
