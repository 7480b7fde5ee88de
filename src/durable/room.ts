/**
 * One room: a thin shell around `domain/room`. It turns what happens into inputs, runs the effects
 * in order, and decides nothing. It holds no database connection, so it can hibernate.
 */
import { DurableObject } from 'cloudflare:workers'
import { uuidv7 } from 'uuidv7'
import type { Attachment } from '../domain/room/attachment.ts'
import type { Effect } from '../domain/room/effect.ts'
import type { BurstReply, CommitItem, CommitOutcome, MessageItem } from '../domain/room/commit.ts'
import type { Input, LoadResult } from '../domain/room/input.ts'
import { lookingAmong } from '../domain/room/pushing.ts'
import { nextWake } from '../domain/room/next-wake.ts'
import type { RoomSettings } from '../domain/room/settings.ts'
import type { Lane, Reply, RoomState } from '../domain/room/state.ts'
import { awake, readmit, transition } from '../domain/room/transition.ts'
import { unreachable } from '../domain/room/unreachable.ts'
import type { Env } from '../env.ts'
import { verifyToken } from '../identity/tokens.ts'
import { decodeIdentity, type Identity } from '../identity/upgrade-header.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { problemResponse } from '../lib/problem.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import { countRefusal } from '../telemetry/refusals.ts'
import { Alarm } from './alarm.ts'
import { askLimiter } from './ask-limiter.ts'
import { Checkpoints } from './checkpoints.ts'
import { refresh, whenKnown } from './configuration.ts'
import { InboxTeller } from './inbox-teller.ts'
import { KeptMarks } from './kept-marks.ts'
import { PushTeller } from './push-teller.ts'
import { RoomDatabase } from './room-database.ts'
import { RoomMeter } from './room-meter.ts'
import { readRoomSettings } from './room-settings.ts'
import { SettingsInForce } from './settings-in-force.ts'
import { attachmentIn, LINK_LOST, replyToClose, Sockets, upgraded } from './sockets.ts'

export class Room extends DurableObject<Env> {
  readonly #database: RoomDatabase
  readonly #settings: SettingsInForce<RoomSettings>
  readonly #sockets = new Sockets()
  readonly #inboxes: InboxTeller
  readonly #pushes: PushTeller
  readonly #alarm: Alarm
  readonly #checkpoints: Checkpoints
  readonly #kept_marks: KeptMarks
  readonly #meter: RoomMeter
  readonly #replies = new Map<string, (reply: Reply) => void>()
  readonly #burst_replies = new Map<string, (reply: BurstReply) => void>()
  #state: RoomState | undefined
  #loading: Promise<LoadResult> | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#database = new RoomDatabase(env, ctx.id.name ?? '')
    this.#alarm = new Alarm(ctx.storage)
    this.#checkpoints = new Checkpoints(env, ctx.id.name ?? '', ctx.storage)
    this.#inboxes = new InboxTeller(env, ctx)
    this.#kept_marks = new KeptMarks(ctx.storage)
    this.#pushes = new PushTeller(env, ctx.id.name ?? '')
    this.#settings = new SettingsInForce(env, readRoomSettings)
    this.#meter = new RoomMeter({ env, ctx, state: () => this.#state })
    // A client's own ping is answered while the room sleeps on.
    ctx.setWebSocketAutoResponse(
      new WebSocketRequestResponsePair('{"type":"ping"}', '{"type":"pong"}'),
    )
  }

  /** The upgrade (CONN-1…5). The Worker has checked who it is; the room checks that they belong. */
  override async fetch(request: Request): Promise<Response> {
    const identity = decodeIdentity(request.headers)
    if (!identity) return problemResponse(refusal('unauthenticated', 'who is it?'))
    await this.#configuration()
    const standing = await this.#admit(identity)
    if (!standing.ok) return problemResponse(standing.refusal)

    const { searchParams } = new URL(request.url)
    const { 0: client, 1: server } = new WebSocketPair()
    const id = crypto.randomUUID()
    const batch = searchParams.get('batch') === '1'
    this.ctx.acceptWebSocket(server)
    this.#sockets.add(id, server, batch)
    this.#meter.opened()
    this.#deliver({
      type: 'connected',
      now: Date.now(),
      socket: { ...standing.value, id, batch, token_expires_at: identity.token_expires_at },
      since_revision: sinceRevision(searchParams),
    })
    return upgraded(request, client)
  }

  /** A write that came over REST; answered once it is committed or refused (API-8). */
  submit(item: CommitItem, is_admin: boolean): Promise<Reply> {
    const request = crypto.randomUUID()
    return new Promise((resolve) => {
      this.#replies.set(request, resolve)
      this.#deliver({ type: 'submitted', now: Date.now(), request, item, is_admin })
    })
  }

  /** Messages of the burst lane, of any senders; answered once all are settled (DISP-7). */
  commitBurst(items: readonly MessageItem[]): Promise<BurstReply> {
    const request = crypto.randomUUID()
    return new Promise((resolve) => {
      this.#burst_replies.set(request, resolve)
      this.#deliver({ type: 'burst_submitted', now: Date.now(), request, items })
    })
  }

  /**
   * A shard of the inbox wants to hear of this room from now on.
   * @returns the revision that its people have heard of; null where only the database knows
   */
  watch(shard: number): number | null {
    const state = this.#wake()
    this.#deliver({ type: 'watched', now: Date.now(), shard }, state)
    return state.record.phase === 'known' ? state.record.revision : null
  }

  /** Of these people, who has the room before their eyes. */
  lookingAmong(user_ids: readonly string[]): string[] {
    return lookingAmong(this.#wake(), user_ids)
  }

  /** Somebody of this room wants to be pushed to of what nobody wanted until now. */
  pushWanted(): void {
    this.#deliver({ type: 'push_wanted', now: Date.now() })
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    const state = this.#wake()
    this.#meter.received()
    const id = this.#sockets.idOf(socket)
    if (id === undefined) return this.#sockets.turnAway(socket)
    this.#deliver({ type: 'received', now: Date.now(), socket: id, data, id: uuidv7() }, state)
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    replyToClose(socket, code, reason)
    this.#closed(socket, code)
  }

  override webSocketError(socket: WebSocket): void {
    this.#closed(socket, LINK_LOST)
  }

  override alarm(): void {
    this.#alarm.wentOff()
    this.#deliver({ type: 'tick', now: Date.now() })
    this.#meter.ticked()
    this.ctx.waitUntil(this.#takeIfDue())
  }

  /** What is remembered of the record outside the database, newest last (API-9). */
  checkpoints(): Promise<string[]> {
    return this.#checkpoints.list()
  }

  takeCheckpoint(): Promise<void> {
    return this.#checkpoints.take(Date.now())
  }

  #closed(socket: WebSocket, code: number): void {
    const state = this.#wake(socket)
    const attachment = attachmentIn<Attachment>(socket)
    if (this.#sockets.idOf(socket) === undefined && attachment) {
      // One of several that closed while the room slept, and not the first to say so.
      this.#sockets.add(attachment.id, socket, attachment.batch)
      readmit(state, attachment)
    }
    const id = this.#sockets.idOf(socket)
    if (id === undefined) return
    if (this.#sockets.forget(id)) this.#meter.closed(code)
    this.#deliver({ type: 'closed', now: Date.now(), socket: id }, state)
  }

  /**
   * The state; after hibernation made anew from what the sockets' attachments say.
   * @param closing the socket whose close woke the room: the platform lists it no longer, but its
   * person has to be seen leaving
   */
  #wake(closing?: WebSocket): RoomState {
    if (this.#state) return this.#state
    const attachments = []
    const sockets = new Set(this.ctx.getWebSockets())
    if (closing) sockets.add(closing)
    for (const socket of sockets) {
      const attachment = attachmentIn<Attachment>(socket)
      if (!attachment) continue
      this.#sockets.add(attachment.id, socket, attachment.batch)
      attachments.push(attachment)
    }
    this.#settings.takeUp()
    this.#state = awake({
      settings: this.#settings.current,
      instance: crypto.randomUUID(),
      attachments,
      now: Date.now(),
      stored: this.#inboxes.stored(),
      kept_marks: this.#kept_marks.read(),
    })
    return this.#state
  }

  /** What is in force comes first (OPS-4); whether it is still that is asked, and not waited for. */
  #deliver(input: Input, state = this.#wake()): void {
    this.#takeUp(state)
    this.#take(input, state)
    const asking = refresh(this.env)
    if (asking) this.ctx.waitUntil(asking.then(() => this.#takeUp(this.#wake())))
  }

  #takeUp(state: RoomState): void {
    const settings = this.#settings.takeUp()
    if (settings) this.#take({ type: 'configured', now: Date.now(), settings }, state)
  }

  #take(input: Input, state: RoomState): void {
    const { effects } = transition(state, input)
    for (const effect of effects) this.#run(effect)
    this.#arm(state)
  }

  /** Where nothing is known yet: a moment for Control's answer. Nothing else waits behind it. */
  async #configuration(): Promise<void> {
    await whenKnown(this.env, (asking) => this.ctx.waitUntil(asking))
  }

  #arm(state: RoomState): void {
    const due_at = [nextWake(state), this.#checkpoints.due_at].filter((at) => at !== undefined)
    if (due_at.length > 0) this.#alarm.arm(Math.min(...due_at))
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        return this.#sockets.send(effect.socket, effect.texts)
      case 'broadcast':
        this.#meter.delivered(effect.sockets.length * effect.texts.length)
        return this.#sockets.broadcast(effect.sockets, effect.texts)
      case 'close':
        this.#meter.closed(effect.code)
        return this.#sockets.close(effect.socket, effect.code, effect.reason)
      case 'attach':
        return this.#sockets.attach(effect.socket, effect.attachment)
      case 'notify':
        return this.ctx.waitUntil(this.#notify(effect))
      case 'tell_marks':
        return this.#inboxes.tellMarks(this.ctx.id.name ?? '', effect)
      case 'tell_pushes':
        return this.ctx.waitUntil(this.#tellPushes(effect))
      case 'keep_watchers':
        return this.#inboxes.keepWatchers(effect.watchers)
      case 'owe_activity':
        return this.#inboxes.owe(effect.owed)
      case 'keep_marks':
        return this.#kept_marks.keep(effect.marks)
      case 'move_marks':
        return this.ctx.waitUntil(this.#moveMarks(effect))
      case 'reply':
        this.#replies.get(effect.request)?.(effect.reply)
        this.#replies.delete(effect.request)
        return
      case 'burst_reply':
        this.#burst_replies.get(effect.request)?.(effect.reply)
        this.#burst_replies.delete(effect.request)
        return
      case 'commit':
        return this.ctx.waitUntil(this.#commit('said', this.#database.commit(effect.request)))
      case 'commit_burst':
        return this.ctx.waitUntil(this.#commit('burst', this.#database.commitBurst(effect.request)))
      case 'settled':
        return this.#meter.settled(effect, Date.now())
      case 'joined':
        return this.#meter.joined(effect.outcome)
      case 'refused':
        return countRefusal('room', effect.code)
      case 'gather':
        setTimeout(() => this.#deliver({ type: 'gathered', now: Date.now() }), effect.ms)
        return
      case 'lease':
        return this.ctx.waitUntil(this.#lease(effect))
      case 'look_again':
        setTimeout(() => this.#deliver({ type: 'looked', now: Date.now() }), effect.ms)
        return
      case 'load':
        return this.ctx.waitUntil(this.#load())
      case 'read_names':
        return this.ctx.waitUntil(this.#readNames())
      case 'read_changes':
        return this.ctx.waitUntil(this.#readChanges(effect))
      case 'read_messages':
        return this.ctx.waitUntil(this.#readMessages(effect))
      case 'authenticate':
        return this.ctx.waitUntil(this.#authenticate(effect))
      default:
        return unreachable(effect)
    }
  }

  /** Beside the tick, which must not wait for the database. */
  async #takeIfDue(): Promise<void> {
    const due_at = await this.#checkpoints.readDue()
    if (due_at === undefined) return
    if (due_at <= Date.now()) await this.#checkpoints.take(Date.now())
    this.#arm(this.#wake())
  }

  async #commit(lane: Lane, call: Promise<CommitOutcome>): Promise<void> {
    const sent_at = Date.now()
    this.#meter.committing()
    const outcome = await call
    this.#meter.called(lane, outcome, Date.now() - sent_at)
    this.#deliver({ type: 'committed', now: Date.now(), outcome, chance: Math.random() })
    if (outcome.kind === 'answered' && this.#checkpoints.due_at === undefined) {
      await this.#checkpoints.wrote(Date.now())
      this.#arm(this.#wake())
    }
  }

  async #lease({ request }: Effect & { type: 'lease' }): Promise<void> {
    const lease = await askLimiter(this.env, request)
    this.#deliver({ type: 'leased', now: Date.now(), user_id: request.user_id, lease })
  }

  #load(): Promise<LoadResult> {
    this.#loading ??= this.#readRecord().then((result) => {
      this.#loading = undefined
      this.#deliver({ type: 'loaded', now: Date.now(), result })
      return result
    })
    return this.#loading
  }

  /** Whoever waits for the record finds the settings that are in force. */
  async #readRecord(): Promise<LoadResult> {
    const [result] = await Promise.all([this.#database.readRecord(), this.#configuration()])
    return result
  }

  async #readNames(): Promise<void> {
    const names = await this.#database.readNames()
    this.#deliver({ type: 'names_read', now: Date.now(), names })
  }

  async #readChanges(effect: Effect & { type: 'read_changes' }): Promise<void> {
    const { purpose, after, upto, limit } = effect
    const result = await this.#database.readChanges({ after, upto, limit })
    const chance = Math.random()
    this.#deliver({ type: 'changes_read', now: Date.now(), purpose, result, chance })
  }

  async #readMessages(effect: Effect & { type: 'read_messages' }): Promise<void> {
    const { socket, upto, limit } = effect
    const messages = await this.#database.readMessages(upto, limit)
    this.#deliver({ type: 'messages_read', now: Date.now(), socket, upto, messages })
  }

  async #authenticate(effect: Effect & { type: 'authenticate' }): Promise<void> {
    const { socket, ref } = effect
    const verified = await verifyToken(this.env, effect.token)
    const result = verified.ok ? verified.value : undefined
    this.#deliver({ type: 'authenticated', now: Date.now(), socket, ref, result })
  }

  async #notify({ shard, watch, attempt, news }: Effect & { type: 'notify' }): Promise<void> {
    const isInterested = await this.#inboxes.tell(shard, news)
    const now = Date.now()
    this.#deliver({ type: 'told', now, shard, watch, attempt, news, isInterested })
  }

  async #tellPushes(said: Effect & { type: 'tell_pushes' }): Promise<void> {
    const outcome = await this.#pushes.tell(said)
    this.#deliver({ type: 'pushes_told', now: Date.now(), said, outcome })
  }

  async #moveMarks({ marks }: Effect & { type: 'move_marks' }): Promise<void> {
    const moved = await this.#database.moveReadMarks(marks)
    this.#deliver({ type: 'marks_moved', now: Date.now(), asked: marks, moved })
  }

  /** Members and admins may come in; the record is loaded for that if it has to be. */
  async #admit(identity: Identity): Promise<Outcome<Admitted>> {
    const { user_id } = identity
    if (this.#wake().record.phase !== 'known') {
      this.#deliver({ type: 'needed', now: Date.now() })
      const result = await this.#load()
      if (result.kind === 'not_found') return failure(refusal('not_found', 'no such room'))
      if (result.kind === 'failed') return failure(result.refusal)
    }
    const { record } = this.#wake()
    if (record.phase !== 'known') return failure(moved)
    const member = record.members.get(user_id)
    if (member) return success(member)
    const read = await this.#database.readUser(user_id)
    if (!read.ok) return read
    if (read.value?.is_admin) return success(read.value)
    return failure(refusal('forbidden', 'you are not a member of this room'))
  }
}

type Admitted = {
  readonly user_id: string
  readonly display_name: string
  readonly is_admin: boolean
}

const moved: Refusal = refusal('unavailable', 'the room moved', 1_000)

const sinceRevision = (parameters: URLSearchParams): number | undefined => {
  const value = Number(parameters.get('since_revision') ?? NaN)
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
