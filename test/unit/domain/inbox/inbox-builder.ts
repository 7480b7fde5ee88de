/**
 * A shard of the inbox on the bench: the real `transition`, a clock that only the test moves, and a
 * record of all that the shard asked for. Reads are answered by the test.
 */
import type { InboxEffect } from '../../../../src/domain/inbox/effect.ts'
import type { InboxInput } from '../../../../src/domain/inbox/input.ts'
import type { Mentioned, RoomNews, Said } from '../../../../src/domain/inbox/news.ts'
import type { InboxFacts, MemberPart } from '../../../../src/domain/inbox/rows.ts'
import { defaultInboxSettings, type InboxSettings } from '../../../../src/domain/inbox/settings.ts'
import type { InboxAttachment, InboxState, Instant } from '../../../../src/domain/inbox/state.ts'
import { awake, nextWake, transition } from '../../../../src/domain/inbox/transition.ts'
import type { InboxDownFrame } from '../../../../src/protocol/inbox.ts'

export const started_at: Instant = Date.UTC(2026, 0, 1)

export const facts = (overrides: Partial<InboxFacts> = {}): InboxFacts => ({
  room_id: 'room',
  title: 'Line 3 stopped',
  status: 'active',
  severity: 'high',
  last_sequence: 10,
  revision: 20,
  last_activity_at: '2026-01-01T00:00:00.000Z',
  last_message: null,
  ...overrides,
})

export const part = (user_id: string, overrides: Partial<MemberPart> = {}): MemberPart => ({
  room_id: 'room',
  user_id,
  my_role: 'editor',
  read_sequence: 10,
  unread_count: 0,
  mention_count: 0,
  ...overrides,
})

export const said = (revision: number, overrides: Partial<Said> = {}): Said => ({
  revision,
  sequence_number: revision - 10,
  sender_id: 'olga',
  is_notice: false,
  ...overrides,
})

export const mentioned = (revision: number, ...user_ids: string[]): Mentioned => ({
  ...said(revision),
  message_id: `message-${revision}`,
  sender_display_name: 'Olga',
  preview: 'look',
  user_ids,
})

/** What a room tells of the revisions after `after` up to `revision`, in each of which olga spoke. */
export const news = (
  after: number,
  revision: number,
  overrides: Partial<RoomNews> = {},
): RoomNews => ({
  ...{ room_id: 'room', title: 'Line 3 stopped', status: 'active', severity: 'high' },
  ...{ after, revision, last_sequence: revision - 10 },
  last_activity_at: '2026-01-01T00:01:00.000Z',
  last_message: undefined,
  said: Array.from({ length: revision - after }, (_, index) => said(after + 1 + index)),
  mentioned: [],
  members: [],
  recount: false,
  whole: true,
  ...overrides,
})

type Asked = Exclude<InboxEffect['type'], 'send' | 'close' | 'attach'>

export class InboxBench {
  now = started_at
  state: InboxState
  effects: InboxEffect[] = []
  readonly #settings: InboxSettings
  readonly #attachments = new Map<string, InboxAttachment>()
  readonly #heard = new Map<string, InboxDownFrame[]>()
  readonly #closed = new Map<string, number>()
  readonly #watched = new Set<string>()
  #owed = false

  constructor(settings: Partial<InboxSettings> = {}) {
    this.#settings = { ...defaultInboxSettings, ...settings }
    this.state = this.#awake()
  }

  /** People who are greeted, all members of the one room, which tells its news. */
  static with(...user_ids: readonly string[]): InboxBench {
    const inbox = new InboxBench()
    for (const user_id of user_ids) inbox.connects(user_id)
    // The first reads alone, the others together.
    for (const _ of [1, 2])
      if (inbox.state.greeted)
        inbox.isRead(
          [facts()],
          [...inbox.state.greeted].map((user_id) => part(user_id)),
        )
    inbox.give({ type: 'watch_answered', room_id: 'room', answer: { revision: 20 } })
    inbox.listensAfresh()
    return inbox
  }

  give(input: DistributiveOmit<InboxInput, 'now'>): void {
    for (const effect of transition(this.state, { ...input, now: this.now })) this.#notice(effect)
  }

  connects(user_id: string, id = user_id): void {
    const token_expires_at = started_at + 24 * 3_600_000
    const socket = { id, user_id, display_name: user_id.toUpperCase(), token_expires_at }
    this.give({ type: 'connected', socket })
  }

  sends(socket: string, frame: object): void {
    this.give({ type: 'received', socket, data: JSON.stringify(frame) })
  }

  hears(told: RoomNews): void {
    this.give({ type: 'heard', news: told })
  }

  /** The answer to `read_inboxes`. */
  isRead(rooms: readonly InboxFacts[], parts: readonly MemberPart[]): void {
    this.give({ type: 'inboxes_read', rows: { rooms, parts, users: [] } })
  }

  /** The answer to the last `read_parts`. */
  partsAreRead(rooms: readonly InboxFacts[], parts: readonly MemberPart[]): void {
    const asked = this.asked('read_parts').at(-1)?.pairs ?? []
    this.give({ type: 'parts_read', asked, rows: { rooms, parts } })
  }

  passes(duration_ms: number): void {
    const end = this.now + duration_ms
    for (;;) {
      const wake = nextWake(this.state)
      if (wake === undefined || wake > end) break
      this.now = Math.max(this.now, wake)
      this.give({ type: 'tick' })
    }
    this.now = end
  }

  /** The object is evicted and wakes with what attachments and storage say. */
  sleeps(): void {
    this.state = this.#awake()
  }

  heard(socket: string): InboxDownFrame[] {
    return this.#heard.get(socket) ?? []
  }

  heardOf<Type extends InboxDownFrame['type']>(
    socket: string,
    type: Type,
  ): (InboxDownFrame & { type: Type })[] {
    return this.heard(socket).filter(
      (frame): frame is InboxDownFrame & { type: Type } => frame.type === type,
    )
  }

  asked<Type extends Asked>(type: Type): (InboxEffect & { type: Type })[] {
    return this.effects.filter(
      (effect): effect is InboxEffect & { type: Type } => effect.type === type,
    )
  }

  closeOf(socket: string): number | undefined {
    return this.#closed.get(socket)
  }

  listensAfresh(): void {
    this.#heard.clear()
    this.effects = []
  }

  #awake(): InboxState {
    return awake({
      settings: this.#settings,
      attachments: [...this.#attachments.values()],
      watched: this.#watched,
      owed: this.#owed,
      now: this.now,
    })
  }

  #notice(effect: InboxEffect): void {
    this.effects.push(effect)
    switch (effect.type) {
      case 'send':
        for (const socket of effect.sockets) {
          if (this.#closed.has(socket)) throw new Error(`${socket} is told something after its end`)
          const frames = effect.texts.map((text) => JSON.parse(text) as InboxDownFrame)
          this.#heard.set(socket, [...this.heard(socket), ...frames])
        }
        return
      case 'close':
        this.#attachments.delete(effect.socket)
        this.#closed.set(effect.socket, effect.code)
        return
      case 'attach':
        this.#attachments.set(effect.socket, structuredClone(effect.attachment))
        return
      case 'keep_watch':
        if (effect.isWatched) this.#watched.add(effect.room_id)
        else this.#watched.delete(effect.room_id)
        return
      case 'owe':
        this.#owed = effect.owed
        return
      default:
    }
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never
