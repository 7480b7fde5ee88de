/**
 * A room on the bench: the real `transition`, a clock that only the test moves, and a record of
 * all that the room asked for. Commits are answered by the test, or by `writes` as Postgres would.
 */
import type { StoredActivity, Told } from '../../../../src/domain/room/activity.ts'
import type { Attachment } from '../../../../src/domain/room/attachment.ts'
import type {
  BurstReply,
  BurstRequest,
  CommitOutcome,
  ItemResult,
  MessageItem,
} from '../../../../src/domain/room/commit.ts'
import type { Lease, LeaseRequest } from '../../../../src/domain/limits/lease.ts'
import type { Effect } from '../../../../src/domain/room/effect.ts'
import type { Input, NewSocket } from '../../../../src/domain/room/input.ts'
import { nextWake } from '../../../../src/domain/room/next-wake.ts'
import { defaultRoomSettings, type RoomSettings } from '../../../../src/domain/room/settings.ts'
import type { Instant, RoomSnapshot, RoomState } from '../../../../src/domain/room/state.ts'
import { awake, transition } from '../../../../src/domain/room/transition.ts'
import type { Change } from '../../../../src/protocol/change.ts'
import { decodeDown } from '../../../../src/protocol/decode-down.ts'
import type { DownFrame } from '../../../../src/protocol/down.ts'
import type { Member, Role } from '../../../../src/protocol/member.ts'
import type { Message } from '../../../../src/protocol/message.ts'
import type { RoomDetails } from '../../../../src/protocol/room.ts'
import type { UpFrame } from '../../../../src/protocol/up.ts'

export const started_at: Instant = Date.UTC(2026, 0, 1)

export const uuid = (number: number): string =>
  `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

export const aMember = (user_id: string, overrides: Partial<Member> = {}): Member => ({
  user_id,
  display_name: user_id.toUpperCase(),
  role: 'editor',
  joined_at: '2026-01-01T00:00:00.000Z',
  is_admin: false,
  ...overrides,
})

export const someDetails = (overrides: Partial<RoomDetails> = {}): RoomDetails => ({
  room_id: uuid(0),
  title: 'Line 3 stopped',
  incident_type: 'equipment_failure',
  severity: 'high',
  status: 'active',
  location: 'Hall 2',
  description: '',
  lots: [],
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  last_sequence: 0,
  last_revision: 1,
  ...overrides,
})

/** ann and bob write, eve reads, olga owns. */
export const someMembers = (): Member[] => [
  aMember('ann'),
  aMember('bob'),
  aMember('eve', { role: 'viewer' }),
  aMember('olga', { role: 'owner' }),
]

export const aMessage = (revision: number, overrides: Partial<Message> = {}): Message => ({
  message_id: uuid(0xa000 + revision),
  room_id: uuid(0),
  sender_id: 'ann',
  sender_display_name: 'ANN',
  client_message_id: `c${revision}`,
  content: `message ${revision}`,
  data: null,
  message_type: 'text',
  mentions: [],
  file_id: null,
  file_url: null,
  file: null,
  reply_to: null,
  created_at: '2026-01-01T00:00:00.000Z',
  edited_at: null,
  deleted_at: null,
  deleted_by: null,
  pin: null,
  sequence_number: revision - 1,
  revision,
  changed_revision: revision,
  reactions: [],
  ...overrides,
})

/** A message of the given revision, in a room whose first revision is its creation. */
export const messageChange = (revision: number, overrides: Partial<Message> = {}): Change => ({
  type: 'message',
  revision,
  message: aMessage(revision, overrides),
})

const by = (revision: number) =>
  ({
    type: 'system',
    revision,
    timestamp: '2026-01-01T00:00:00.000Z',
    actor_id: 'olga',
  }) as const

export const removal = (revision: number, user_id: string): Change => ({
  ...by(revision),
  event: 'member_removed',
  user_id,
})

export const roleChange = (revision: number, user_id: string, role: Role): Change => ({
  ...by(revision),
  event: 'member_role_changed',
  user_id,
  role,
})

export const addition = (revision: number, user_id: string): Change => ({
  ...by(revision),
  event: 'member_added',
  member: aMember(user_id),
})

export const aSnapshot = (overrides: Partial<RoomSnapshot> = {}): RoomSnapshot => ({
  details: someDetails(),
  members: someMembers(),
  recent: [],
  ...overrides,
})

export const committed = (revision: number, overrides: Partial<Committed> = {}): Committed => ({
  status: 'committed',
  sequence_number: revision - 1,
  revision,
  created_at: '2026-01-01T00:00:00.000Z',
  sender_display_name: 'ANN',
  mentions: [],
  file: null,
  ...overrides,
})

/** A message as the burst lane brings it. */
export const posted = (content: string, overrides: Partial<MessageItem> = {}): MessageItem => ({
  ...anItem('ann'),
  change_id: uuid(0x50_000 + [...content].reduce((sum, one) => sum * 31 + one.charCodeAt(0), 7)),
  client_message_id: `c-${content}`,
  content,
  ...overrides,
})

/** A message as REST submits it. */
export const anItem = (actor_id: string): MessageItem => ({
  kind: 'message',
  change_id: uuid(1),
  actor_id,
  client_message_id: 'c',
  content: 'over REST',
  data: null,
  message_type: 'text',
  mentions: [],
  reply_to: null,
  file_id: null,
  search: null,
})

/** Of either lane. */
type Committing = Omit<BurstRequest, 'room_id'>

type Committed = ItemResult & { status: 'committed' }

type Requests = Exclude<Effect['type'], 'send' | 'broadcast' | 'close' | 'attach'>

export class RoomBench {
  now = started_at
  state: RoomState
  /** Every effect so far, in order. */
  effects: Effect[] = []
  readonly attachments = new Map<string, Attachment>()
  readonly #settings: RoomSettings
  readonly #heard = new Map<string, DownFrame[]>()
  readonly #closed = new Map<string, { code: number; reason: string }>()
  #commit: Committing | undefined
  #ids = 0
  /** Whether every shard of the inbox answers at once, that it is interested. */
  answersTellings = true
  /** Whether people get at once what they need to write. */
  answersLeases = true
  /** Asked for and not answered yet. */
  readonly leasesAsked: LeaseRequest[] = []
  /** Tellings without an answer yet. */
  readonly tellings: Told[] = []
  /** Read marks that the room keeps in its storage. */
  keptMarks: readonly (readonly [string, number])[] = []
  /** When the room wants to look at a call that is under way. */
  #look_at: Instant | undefined
  /** What the room keeps in its storage. */
  #stored: StoredActivity = { watchers: [], owed: undefined }

  constructor(settings: Partial<RoomSettings> = {}) {
    // Without patience, unless a test is about it: every call starts at once.
    this.#settings = { ...defaultRoomSettings, gather_share: 0, ...settings }
    this.state = this.#awake()
  }

  /** With its record loaded. */
  static known(settings: Partial<RoomSettings> = {}, snapshot = aSnapshot()): RoomBench {
    const room = new RoomBench(settings)
    room.give({ type: 'needed' })
    room.loads(snapshot)
    return room
  }

  give(input: DistributiveOmit<Input, 'now'>): readonly Effect[] {
    const { effects } = transition(this.state, { ...input, now: this.now })
    for (const effect of effects) this.#notice(effect)
    if (this.answersTellings)
      for (const told of this.tellings.splice(0)) this.give({ type: 'told', ...told })
    if (!this.answersLeases) return effects
    const further = this.leasesAsked.splice(0).flatMap((wish) => this.leases(wish))
    return [...effects, ...further]
  }

  /** A socket of a person, past its greeting unless it is told to stay in it. */
  joins(
    user_id: string,
    options: Partial<NewSocket> & { since_revision?: number; stays_greeting?: boolean } = {},
  ): string {
    const { since_revision, stays_greeting, ...overrides } = options
    const id = overrides.id ?? `${user_id}-${(this.#ids += 1)}`
    this.give({
      type: 'connected',
      socket: {
        id,
        user_id,
        display_name: user_id.toUpperCase(),
        is_admin: false,
        batch: false,
        token_expires_at: started_at + 24 * 3_600_000,
        ...overrides,
      },
      since_revision,
    })
    if (since_revision === undefined && stays_greeting !== true) this.sends(id, { type: 'pong' })
    return id
  }

  sends(socket: string, frame: UpFrame | string): readonly Effect[] {
    const data = typeof frame === 'string' ? frame : JSON.stringify(frame)
    return this.give({ type: 'received', socket, data, id: uuid(0x100 + (this.#ids += 1)) })
  }

  says(
    socket: string,
    content: string,
    overrides: Partial<UpFrame & { type: 'message'; message_type: 'text' }> = {},
  ) {
    return this.sends(socket, {
      type: 'message',
      content,
      message_type: 'text',
      mentions: [],
      reply_to: null,
      client_message_id: `c-${content}`,
      ...overrides,
    })
  }

  /** Messages of the burst lane. */
  posts(request: string, ...items: MessageItem[]): readonly Effect[] {
    return this.give({ type: 'burst_submitted', request, items })
  }

  /** What the burst lane was answered, by request. */
  burstReplies(): Record<string, BurstReply> {
    return Object.fromEntries(
      this.asked('burst_reply').map(({ request, reply }) => [request, reply]),
    )
  }

  leaves(socket: string): readonly Effect[] {
    this.attachments.delete(socket)
    return this.give({ type: 'closed', socket })
  }

  loads(snapshot = aSnapshot()): readonly Effect[] {
    return this.give({ type: 'loaded', result: { kind: 'loaded', snapshot } })
  }

  /** The limiter answers: all that was wanted, unless it is told to say something else. */
  leases(
    { user_id, needed, spare }: LeaseRequest,
    overrides: Partial<Lease> = {},
  ): readonly Effect[] {
    const lease: Lease = {
      granted: needed + spare,
      ttl_ms: 3_000,
      limit: 15_000,
      remaining: 10_000,
      reset_ms: 60_000,
      retry_after_ms: 0,
      ...overrides,
    }
    return this.give({ type: 'leased', user_id, lease })
  }

  answers(outcome: CommitOutcome, chance = 0): readonly Effect[] {
    return this.give({ type: 'committed', outcome, chance })
  }

  /** Postgres writes all that is in flight, after what the room knows. */
  writes(): readonly Effect[] {
    const { items, expected_revision } = this.commit()
    const results = items.map((_, index) => committed(expected_revision + 1 + index))
    return this.answers({ kind: 'answered', results, changes: [] })
  }

  /** Somebody else wrote these; the room hears of it with its own next commit. */
  hears(...changes: Change[]): readonly Effect[] {
    const request = this.#submit()
    const effects = this.answers({
      kind: 'answered',
      results: [{ status: 'unchanged' }],
      changes,
    })
    return effects.filter((effect) => effect.type !== 'reply' || effect.request !== request)
  }

  /** Time passes; the room wakes whenever it asked to. */
  passes(duration_ms: number): void {
    const end = this.now + duration_ms
    for (;;) {
      const wake = nextWake(this.state) ?? Infinity
      const look = this.#look_at ?? Infinity
      if (Math.min(wake, look) > end) break
      this.now = Math.max(this.now, Math.min(wake, look))
      if (look < wake) this.#look_at = undefined
      this.give({ type: look < wake ? 'looked' : 'tick' })
    }
    this.now = end
  }

  /** The object is evicted and wakes with what attachments and storage say. */
  sleeps(): void {
    this.#look_at = undefined
    this.state = this.#awake()
  }

  /** The last commit that was asked for. */
  commit(): Committing {
    if (!this.#commit) throw new Error('nothing was to be committed')
    return this.#commit
  }

  committedItems(): MessageItem[] {
    return this.commit().items.flatMap((item) => (item.kind === 'message' ? [item] : []))
  }

  asked<Type extends Requests>(type: Type): (Effect & { type: Type })[] {
    return this.effects.filter((effect): effect is Effect & { type: Type } => effect.type === type)
  }

  heard(socket: string): DownFrame[] {
    return this.#heard.get(socket) ?? []
  }

  heardOf<Type extends DownFrame['type']>(
    socket: string,
    type: Type,
  ): (DownFrame & { type: Type })[] {
    return this.heard(socket).filter(
      (frame): frame is DownFrame & { type: Type } => frame.type === type,
    )
  }

  /** Revisions of the changes that a socket heard, in order. */
  revisions(socket: string): number[] {
    return this.heard(socket).flatMap((frame) =>
      'revision' in frame && frame.type !== 'ack' && frame.type !== 'snapshot'
        ? [frame.revision]
        : [],
    )
  }

  /** What people were told of comings and goings. */
  comings(socket: string): string[] {
    return this.heardOf(socket, 'system').flatMap((frame) =>
      'revision' in frame ? [] : [`${frame.event} ${frame.user_id}`],
    )
  }

  closeOf(socket: string): { code: number; reason: string } | undefined {
    return this.#closed.get(socket)
  }

  /** Forgets what was heard so far, so that a test looks at what comes next. */
  listensAfresh(): void {
    this.#heard.clear()
    this.effects = []
  }

  #submit(): string {
    const request = `request-${(this.#ids += 1)}`
    this.give({
      type: 'submitted',
      request,
      item: {
        kind: 'room_updated',
        change_id: uuid(0x900 + this.#ids),
        actor_id: 'olga',
        message_id: uuid(0xa00 + this.#ids),
        changes: { title: 'x' },
      },
      is_admin: true,
    })
    return request
  }

  #awake(): RoomState {
    return awake({
      settings: this.#settings,
      instance: `instance-${(this.#ids += 1)}`,
      attachments: [...this.attachments.values()],
      now: this.now,
      stored: this.#stored,
      kept_marks: this.keptMarks,
    })
  }

  #notice(effect: Effect): void {
    this.effects.push(effect)
    switch (effect.type) {
      case 'send':
        return this.#hear([effect.socket], effect.texts)
      case 'broadcast':
        return this.#hear(effect.sockets, effect.texts)
      case 'close':
        this.attachments.delete(effect.socket)
        this.#closed.set(effect.socket, { code: effect.code, reason: effect.reason })
        return
      case 'attach':
        this.attachments.set(effect.socket, structuredClone(effect.attachment))
        return
      case 'commit':
      case 'commit_burst':
        this.#commit = effect.request
        return
      case 'lease':
        this.leasesAsked.push(effect.request)
        return
      case 'keep_watchers':
        this.#stored = { ...this.#stored, watchers: effect.watchers }
        return
      case 'keep_marks':
        this.keptMarks = effect.marks
        return
      case 'look_again':
        this.#look_at = this.now + effect.ms
        return
      case 'notify': {
        const { type: _, ...telling } = effect
        this.tellings.push({ ...telling, isInterested: true })
        return
      }
      case 'owe_activity':
        this.#stored = { ...this.#stored, owed: effect.owed }
        return
      default:
    }
  }

  #hear(sockets: readonly string[], texts: readonly string[]): void {
    for (const socket of sockets) {
      if (this.#closed.has(socket)) throw new Error(`${socket} is told something after its close`)
      const heard = this.#heard.get(socket) ?? []
      this.#heard.set(socket, [...heard, ...texts.flatMap(decodeDown)])
    }
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never
