/**
 * One open room, kept in step with the server: joins the connection, the timeline, the outbox and
 * the history pages, and tells one listener what to show. Knows nothing of the screen.
 */
import type { Change } from '../../../src/protocol/change.ts'
import type { DownFrame } from '../../../src/protocol/down.ts'
import { TYPING_REPEAT_MS, TYPING_TTL_MS } from '../../../src/protocol/limits.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import type { Room, RoomDetails } from '../../../src/protocol/room.ts'
import type { UpFrame } from '../../../src/protocol/up.ts'
import type { Api, Failure } from './api.ts'
import { ChangeRequests, type ChangeFrame } from './change-requests.ts'
import type { Cancel, Clock } from './clock.ts'
import { Connection, type Admission, type ConnectionState } from './connection.ts'
import { History, freshPages, type Arrival, type Pages } from './history.ts'
import type { KeyValueStore } from './key-value-store.ts'
import { applyMessageChange } from './message-changes.ts'
import { isCrowd, withMarks } from './member-marks.ts'
import { Outbox, type Hindrance, type OutboxEntry, type Said } from './outbox.ts'
import type { PendingChange } from './pending-changes.ts'
import { ReadMark } from './read-mark.ts'
import { roomWire } from './room-wire.ts'
import { applyToView, emptyView, type RoomView } from './room-view.ts'
import type { OpenSocket } from './socket.ts'
import type { Surroundings } from './surroundings.ts'
import { applyRevision, emptyTimeline, fromSnapshot, startAt, type Timeline } from './timeline.ts'

export type RoomState = RoomView &
  Pages & {
    readonly connection: ConnectionState
    readonly timeline: Timeline
    /** Why the members could not be loaded, as long as they are unknown. */
    readonly members_failure: Failure | undefined
    readonly outbox: readonly OutboxEntry[]
    /** Why nothing is taken although the server is there (LIM-1, LIM-3). */
    readonly hindrance: Hindrance | undefined
    /** The pinned messages as they were read, changes since included; undefined until asked for. */
    readonly pins: readonly Message[] | undefined
    readonly pins_failure: Failure | undefined
    /** Own changes the room has not confirmed yet, laid over its messages where they are shown. */
    readonly pending_changes: readonly PendingChange[]
    /** Whom the last words said or changed were to reach and did not (MSG-10). */
    readonly unheard: readonly string[]
    /** How far the server's clock is ahead of this device's. */
    readonly server_ahead_ms: number
  }

export type RoomSyncOptions = {
  readonly room_id: string
  readonly user_id: string
  readonly api: Pick<Api, 'messages' | 'message' | 'members' | 'pins' | 'readMarks' | 'room'>
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  readonly store: KeyValueStore
  readonly openSocket: OpenSocket
  readonly surroundings: Surroundings
  readonly onState: (state: RoomState) => void
}

type ReadState = Pick<Room, 'read_sequence' | 'unread_count'>

const unreadAfter = ({ read_sequence, unread_count }: ReadState): number | undefined =>
  unread_count > 0 ? read_sequence : undefined

export class RoomSync {
  readonly #options: RoomSyncOptions
  readonly #connection: Connection<DownFrame, UpFrame>
  readonly #outbox: Outbox
  readonly #requests: ChangeRequests
  readonly #read_mark: ReadMark
  readonly #history: History
  #state: RoomState
  #typing_told_at = 0
  #cancelTypingTtl: Cancel = () => {}
  #closed = false

  constructor(options: RoomSyncOptions) {
    this.#options = options
    this.#outbox = new Outbox({
      ...options,
      transmit: (frame) => this.#connection.send(frame),
      onChange: (outbox) => this.#set({ outbox }),
      onHindrance: (hindrance) => this.#set({ hindrance }),
    })
    this.#requests = new ChangeRequests({
      ...options,
      transmit: (frame) => this.#connection.send(frame),
      onPending: (pending_changes) => this.#set({ pending_changes }),
    })
    this.#read_mark = new ReadMark({
      ...options,
      transmit: (frame) => this.#connection.send(frame),
    })
    this.#history = new History({
      ...options,
      timeline: () => this.#state.timeline,
      setTimeline: (timeline) => this.#setTimeline(timeline),
      onChange: (pages) => this.#set(pages),
    })
    this.#connection = new Connection({
      ...options,
      wire: roomWire(options.room_id, () => this.#state.timeline.last_revision),
      askAdmission: () => this.#askAdmission(),
      onFrame: (frame) => this.#onFrame(frame),
      onState: (connection) => this.#onConnection(connection),
    })
    this.#state = {
      ...emptyView,
      connection: { kind: 'connecting' },
      timeline: emptyTimeline,
      ...freshPages,
      members_failure: undefined,
      outbox: this.#outbox.entries,
      hindrance: undefined,
      server_ahead_ms: 0,
      pending_changes: [],
      unheard: [],
      pins: undefined,
      pins_failure: undefined,
    }
  }

  get state(): RoomState {
    return this.#state
  }

  start(): void {
    this.#connection.start()
  }

  close(): void {
    this.#read_mark.close()
    this.#closed = true
    this.#connection.close()
    this.#outbox.pause()
    this.#requests.giveUp()
    this.#cancelTypingTtl()
    this.#history.close()
  }

  retryNow(): void {
    this.#connection.retryNow()
  }

  say(said: Said): void {
    this.forgetUnheard()
    this.#outbox.add(said)
    this.#typing_told_at = 0
  }

  /** Resolves to why it was not done; what was done arrives like everybody's changes. */
  change(frame: ChangeFrame): Promise<Failure | undefined> {
    return this.#requests.ask(frame)
  }

  retryMessage(client_message_id: string): void {
    this.#outbox.retry(client_message_id)
  }

  discardMessage(client_message_id: string): void {
    this.#outbox.discard(client_message_id)
  }

  /** Keys are being pressed, or the text is empty again. */
  typing(is_typing: boolean): void {
    if (this.#state.degraded.paused.includes('typing')) return
    const now = this.#options.clock.now()
    const told = now - this.#typing_told_at < TYPING_REPEAT_MS
    if (is_typing === told) return
    if (this.#connection.send({ type: 'typing', is_typing }))
      this.#typing_told_at = is_typing ? now : 0
  }

  /** The reader has seen everything up to the newest message held. Only members have a mark. */
  markRead(): void {
    const newest = this.#state.timeline.messages.at(-1)
    if (newest !== undefined && this.#state.role !== null)
      this.#read_mark.moveTo(newest.sequence_number)
  }

  /**
   * How far this person had read, from what the list of rooms knows or asked for; undefined when
   * there is nothing unread, or it cannot be found out.
   */
  async askReadSequence(card: ReadState | undefined): Promise<number | undefined> {
    if (card !== undefined) return unreadAfter(card)
    const result = await this.#options.api.room(this.#options.room_id)
    return result.ok ? unreadAfter(result.value) : undefined
  }

  loadOlder(): void {
    this.#history.loadOlder()
  }

  loadNewer(): Promise<void> {
    return this.#history.loadNewer()
  }

  forgetFarHistory(): void {
    this.#history.forgetFar()
  }

  goToMessage(message_id: string): Promise<Arrival> {
    return this.#history.goToMessage(message_id)
  }

  goToSequence(sequence_number: number): Promise<Arrival> {
    return this.#history.goToSequence(sequence_number)
  }

  goToLatest(): void {
    this.#history.leave()
  }

  async loadMembers(): Promise<void> {
    const result = await this.#options.api.members(this.#options.room_id)
    if (result.ok) this.#set({ members: result.value.members, members_failure: undefined })
    else this.#set({ members_failure: result.failure })
  }

  /** Once read they are kept in step; also the retry after a failure. */
  async loadPins(): Promise<void> {
    const result = await this.#options.api.pins(this.#options.room_id)
    if (!result.ok) return this.#set({ pins_failure: result.failure })
    // Read before what was told of messages that are not held.
    const { unplaced } = this.#state.timeline
    const pins = result.value.messages.map((message) =>
      unplaced.reduce(applyMessageChange, message),
    )
    this.#set({ pins, pins_failure: undefined })
  }

  /** The writer has seen it. */
  forgetUnheard(): void {
    this.#set({ unheard: [] })
  }

  /** Once per connection; what moves after that is told. Nobody waits for it: without, none are shown. */
  async #loadReadMarks(): Promise<void> {
    if (isCrowd(this.#state)) return
    const result = await this.#options.api.readMarks(this.#options.room_id)
    if (!result.ok) return
    const read_marks = withMarks(this.#state.read_marks, result.value.read_marks)
    this.#set({ read_marks, are_marks_known: true })
  }

  /** What a REST answer said, unless the room itself has told as much or more by now. */
  setDetails(details: RoomDetails): void {
    if (details.last_revision > (this.#state.timeline.last_revision ?? 0)) this.#set({ details })
  }

  #onConnection(connection: ConnectionState): void {
    if (connection.kind === 'live') {
      this.#set({ connection })
      this.#outbox.resume()
      this.#read_mark.resume()
      if (this.#state.members === undefined) void this.loadMembers()
      void this.#loadReadMarks()
      this.#history.fillMissing()
    } else {
      this.#outbox.pause()
      this.#requests.giveUp()
      this.#set({ connection, typing: [] })
    }
  }

  #onFrame(frame: DownFrame): void {
    if ('revision' in frame && frame.type !== 'ack' && frame.type !== 'snapshot') {
      if (!this.#applyChange(frame)) return
    }
    const before = this.#state.degraded
    this.#set(applyToView(this.#state, frame, this.#options.user_id))
    switch (frame.type) {
      case 'welcome':
        this.#set({ server_ahead_ms: Date.parse(frame.server_time) - this.#options.clock.now() })
        if (this.#state.timeline.last_revision === undefined)
          this.#setTimeline(startAt(this.#state.timeline, frame))
        break
      case 'snapshot':
        this.#setTimeline(fromSnapshot(frame))
        this.#history.onSnapshot()
        if (this.#state.pins !== undefined) void this.loadPins()
        break
      case 'resumed':
        if (frame.recovered && frame.to_revision > (this.#state.timeline.last_revision ?? 0))
          this.#connection.resync()
        break
      case 'ack':
        this.#tellUnheard(frame.dropped_mentions)
        this.#outbox.onAck(frame)
        this.#confirm()
        break
      case 'error':
        if (frame.ref === undefined) break
        this.#outbox.onRefused(frame.ref, frame.code, frame.retry_after_ms)
        this.#requests.onRefused(frame.ref, frame)
        break
      case 'degraded':
        if (before.database === 'away' && frame.database === 'reachable') this.#outbox.onRecovered()
        break
      case 'change_ack':
        this.#tellUnheard(frame.dropped_mentions)
        this.#requests.onAck(frame)
        break
      case 'typing':
        this.#cancelTypingTtl()
        this.#cancelTypingTtl = this.#options.clock.after(TYPING_TTL_MS, () =>
          this.#set({ typing: [] }),
        )
        break
    }
  }

  #tellUnheard(dropped_mentions: readonly string[] | undefined): void {
    if (dropped_mentions !== undefined && dropped_mentions.length > 0)
      this.#set({ unheard: dropped_mentions })
  }

  /** False when the change is not to be shown: it is known already, or others before it are missing. */
  #applyChange(frame: Change): boolean {
    const applied = applyRevision(this.#state.timeline, frame)
    if (applied.kind === 'gap') this.#connection.resync()
    if (applied.kind !== 'applied') return false
    this.#setTimeline(applied.timeline)
    if (frame.type === 'message' || frame.type === 'system') return true
    this.#history.onMessageChange(frame)
    this.#applyToPins(frame)
    this.#requests.onChange(frame)
    return true
  }

  #applyToPins(change: MessageChange): void {
    const { pins, timeline } = this.#state
    if (pins === undefined) return
    this.#set({ pins: pins.map((message) => applyMessageChange(message, change)) })
    const is_known = [...pins, ...timeline.messages].some(
      ({ message_id }) => message_id === change.message_id,
    )
    if (change.type === 'message_pinned' && !is_known) void this.loadPins()
  }

  #setTimeline(timeline: Timeline): void {
    this.#set({ timeline })
    this.#confirm()
  }

  #confirm(): void {
    const { messages, last_revision } = this.#state.timeline
    this.#outbox.onConfirmed(messages, last_revision)
  }

  async #askAdmission(): Promise<Admission> {
    const result = await this.#options.api.room(this.#options.room_id)
    if (result.ok) return 'open'
    switch (result.failure.code) {
      case 'unauthenticated':
        return 'signed_out'
      case 'forbidden':
        return 'removed'
      case 'not_found':
        return 'room_gone'
      default:
        return 'open'
    }
  }

  #set(change: Partial<RoomState>): void {
    if (this.#closed) return
    this.#state = { ...this.#state, ...change }
    this.#options.onState(this.#state)
  }
}
