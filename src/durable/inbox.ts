/**
 * One shard of the inbox (INBOX-1): the sockets of many people, each of which knows all rooms of
 * its person. A thin shell around `domain/inbox`, as the room is around `domain/room`.
 */
import { DurableObject } from 'cloudflare:workers'
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { InboxEffect } from '../domain/inbox/effect.ts'
import { isInterested } from '../domain/inbox/hearing.ts'
import type { InboxInput, OneWayTold } from '../domain/inbox/input.ts'
import type { RoomNews } from '../domain/inbox/news.ts'
import type { MovedMark } from '../domain/inbox/rows.ts'
import type { InboxSettings } from '../domain/inbox/settings.ts'
import type { InboxAttachment, InboxState } from '../domain/inbox/state.ts'
import { awake, nextWake, refuseSocket, transition } from '../domain/inbox/transition.ts'
import { unreachable } from '../domain/room/unreachable.ts'
import type { Env } from '../env.ts'
import { verifyToken } from '../identity/tokens.ts'
import { decodeIdentity } from '../identity/upgrade-header.ts'
import { problemResponse } from '../lib/problem.ts'
import { refusal } from '../protocol/errors.ts'
import type { Notice } from '../protocol/one-way.ts'
import { countRefusal } from '../telemetry/refusals.ts'
import { Alarm } from './alarm.ts'
import { refresh, tell, whenKnown } from './configuration.ts'
import { InboxDatabase } from './inbox-database.ts'
import { InboxMeter } from './inbox-meter.ts'
import { readInboxShardSettings } from './inbox-settings.ts'
import { SettingsInForce } from './settings-in-force.ts'
import { attachmentIn, LINK_LOST, replyToClose, Sockets, upgraded } from './sockets.ts'
import { shardNumber } from './stubs.ts'

const owedKey = 'owed'
const watchPrefix = 'watch:'

export class Inbox extends DurableObject<Env> {
  readonly #database: InboxDatabase
  readonly #settings: SettingsInForce<InboxSettings>
  readonly #sockets = new Sockets()
  readonly #alarm: Alarm
  readonly #meter: InboxMeter
  #state: InboxState | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#database = new InboxDatabase(env, shardNumber(ctx.id.name))
    this.#alarm = new Alarm(ctx.storage)
    this.#settings = new SettingsInForce(env, readInboxShardSettings)
    this.#meter = new InboxMeter({ env, ctx, state: () => this.#state })
    // A client's own ping is answered while the shard sleeps on.
    ctx.setWebSocketAutoResponse(
      new WebSocketRequestResponsePair('{"type":"ping"}', '{"type":"pong"}'),
    )
  }

  /** The upgrade. The Worker has checked who it is, and everybody has an inbox. */
  override async fetch(request: Request): Promise<Response> {
    const identity = decodeIdentity(request.headers)
    if (!identity) return problemResponse(refusal('unauthenticated', 'who is it?'))
    await whenKnown(this.env, (asking) => this.ctx.waitUntil(asking))
    const state = this.#wake()
    const { user_id, display_name = user_id, token_expires_at } = identity
    const refused = refuseSocket(state, user_id)
    if (refused) return problemResponse(refused)
    const { 0: client, 1: server } = new WebSocketPair()
    const id = crypto.randomUUID()
    this.ctx.acceptWebSocket(server)
    this.#sockets.add(id, server, false)
    this.#meter.opened()
    const socket = { id, user_id, display_name, token_expires_at }
    this.#deliver({ type: 'connected', now: Date.now(), socket }, state)
    return upgraded(request, client)
  }

  /**
   * A room tells its news.
   * @returns false where nobody here is concerned: the room need not tell more
   */
  hear(news: RoomNews): boolean {
    const state = this.#wake()
    const isWanted = isInterested(state, news)
    this.#deliver({ type: 'heard', now: Date.now(), news }, state)
    return isWanted
  }

  /** Somebody has opened a room. */
  joined(room_id: string, user_id: string): void {
    this.#deliver({ type: 'joined', now: Date.now(), room_id, user_id })
  }

  /** Read marks were moved on another way in (INBOX-2). */
  marksMoved(room_id: string, marks: readonly MovedMark[]): void {
    this.#deliver({ type: 'marks_moved', now: Date.now(), room_id, marks })
  }

  /** What became of one-way messages that somebody posted (DISP-5). */
  oneWayTold(user_id: string, told: OneWayTold): void {
    this.#deliver({ type: 'one_way_told', now: Date.now(), user_id, told })
  }

  /** Somebody has a notice, which is saved. */
  noticed(user_id: string, notice: Notice): void {
    this.#deliver({ type: 'noticed', now: Date.now(), user_id, notice })
  }

  /** An operator has changed the configuration (OPS-4). */
  configured(held: HeldConfiguration): void {
    tell(held)
    this.#takeUp(this.#wake())
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    const state = this.#wake()
    this.#meter.received()
    const id = this.#sockets.idOf(socket)
    if (id === undefined) return this.#sockets.turnAway(socket)
    this.#deliver({ type: 'received', now: Date.now(), socket: id, data }, state)
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
  }

  #closed(socket: WebSocket, code: number): void {
    const state = this.#wake()
    const id = this.#sockets.idOf(socket)
    if (id === undefined) return
    if (this.#sockets.forget(id)) this.#meter.closed(code)
    this.#deliver({ type: 'closed', now: Date.now(), socket: id }, state)
  }

  /** The state; after hibernation made anew from attachments and storage. */
  #wake(): InboxState {
    if (this.#state) return this.#state
    const attachments = this.ctx.getWebSockets().flatMap((socket) => {
      const attachment = attachmentIn<InboxAttachment>(socket)
      if (attachment) this.#sockets.add(attachment.id, socket, false)
      return attachment ?? []
    })
    const { kv } = this.ctx.storage
    this.#settings.takeUp()
    this.#state = awake({
      settings: this.#settings.current,
      attachments,
      watched: [...kv.list({ prefix: watchPrefix })].map(([key]) => key.slice(watchPrefix.length)),
      owed: kv.get<boolean>(owedKey) ?? false,
      now: Date.now(),
    })
    return this.#state
  }

  /** What is in force comes first (OPS-4); whether it is still that is asked, and not waited for. */
  #deliver(input: InboxInput, state = this.#wake()): void {
    this.#takeUp(state)
    this.#take(input, state)
    const asking = refresh(this.env)
    if (asking) this.ctx.waitUntil(asking.then(() => this.#takeUp(this.#wake())))
  }

  #takeUp(state: InboxState): void {
    const settings = this.#settings.takeUp()
    if (settings) this.#take({ type: 'configured', now: Date.now(), settings }, state)
  }

  #take(input: InboxInput, state: InboxState): void {
    for (const effect of transition(state, input)) this.#run(effect)
    this.#alarm.arm(nextWake(state))
  }

  #run(effect: InboxEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#sockets.broadcast(effect.sockets, effect.texts)
      case 'close':
        this.#meter.closed(effect.code)
        return this.#sockets.close(effect.socket, effect.code, effect.reason)
      case 'refused':
        return countRefusal('inbox', effect.code)
      case 'attach':
        return this.#sockets.attach(effect.socket, effect.attachment)
      case 'owe':
        return this.#keep(owedKey, effect.owed)
      case 'keep_watch':
        return this.#keep(`${watchPrefix}${effect.room_id}`, effect.isWatched)
      case 'read_inboxes':
      case 'read_parts':
      case 'watch':
      case 'write_marks':
      case 'authenticate':
        return this.ctx.waitUntil(
          this.#ask(effect).then((answer) => this.#deliver({ ...answer, now: Date.now() })),
        )
      default:
        return unreachable(effect)
    }
  }

  /** Losing it costs a read, or a call to a room, that was made before: nobody waits for the disk. */
  #keep(key: string, isKept: boolean): void {
    const { storage } = this.ctx
    if (isKept) void storage.put(key, true, { allowUnconfirmed: true })
    else void storage.delete(key, { allowUnconfirmed: true })
  }

  /** What takes a while, and the input that its answer becomes. */
  async #ask(effect: Question): Promise<Unstamped<InboxInput>> {
    switch (effect.type) {
      case 'read_inboxes': {
        const rows = await this.#database.readInboxes(effect.user_ids)
        return { type: 'inboxes_read', rows }
      }
      case 'read_parts': {
        const rows = await this.#database.readParts(effect.pairs)
        return { type: 'parts_read', asked: effect.pairs, rows }
      }
      case 'watch': {
        const answer = await this.#database.watch(effect.room_id)
        return { type: 'watch_answered', room_id: effect.room_id, answer }
      }
      case 'write_marks':
        return { type: 'marks_written', results: await this.#database.moveMarks(effect.marks) }
      case 'authenticate': {
        const { socket, ref, token } = effect
        const verified = await verifyToken(this.env, token)
        const result = verified.ok ? verified.value : undefined
        return { type: 'authenticated', socket, ref, result }
      }
      default:
        return unreachable(effect)
    }
  }
}

type Question = Extract<
  InboxEffect,
  { type: 'read_inboxes' | 'read_parts' | 'watch' | 'write_marks' | 'authenticate' }
>

type Unstamped<Input> = Input extends unknown ? Omit<Input, 'now'> : never
