/**
 * One Durable Object of the room as the platform runs it: the shell of `src/durable/room.ts`
 * around the real `transition`, with simulated sockets, alarm and calls. It may sleep, which loses
 * all but the sockets and their attachments, or die, which loses the sockets as well.
 */
import type { Lease } from '../../src/domain/limits/lease.ts'
import type {
  BurstReply,
  CommitItem,
  CommitOutcome,
  MessageItem,
} from '../../src/domain/room/commit.ts'
import type { Effect } from '../../src/domain/room/effect.ts'
import type { Input, LoadResult } from '../../src/domain/room/input.ts'
import { nextWake } from '../../src/domain/room/next-wake.ts'
import type { Reply, RoomState } from '../../src/domain/room/state.ts'
import { unreachable } from '../../src/domain/room/unreachable.ts'
import { joinBatch } from '../../src/protocol/codec.ts'
import { refusal } from '../../src/protocol/errors.ts'
import { Connection } from './connection.ts'
import type { Client } from './client.ts'
import { CommitCall } from './commit-call.ts'
import type { World } from './world.ts'

export type Admission = 'admitted' | 'forbidden' | 'failed'

export class Host {
  is_alive = true
  readonly #world: World
  #state: RoomState | undefined
  /** Raised by each sleep; what was asked before it is never answered. */
  #life = 0
  /** What the platform keeps: the accepted sockets. */
  #sockets = new Set<Connection>()
  /** The ids that this life knows, also of sockets it has closed. */
  #known = new Set<string>()
  #replies = new Map<string, (reply: Reply) => void>()
  #burst_replies = new Map<string, (reply: BurstReply) => void>()
  #loading: ((result: LoadResult['kind']) => void)[] | undefined
  /** The stored alarm, which survives sleep, and what this life knows of it. */
  #alarm_at: number | undefined
  #armed_at: number | undefined

  constructor(world: World) {
    this.#world = world
  }

  /** The upgrade: the record is loaded if it has to be, and the person must belong. */
  admit(user_id: string, done: (admission: Admission) => void): void {
    const check = () => {
      const { record } = this.#wake()
      if (record.phase !== 'known') return done('failed')
      const belongs = record.members.has(user_id) || this.#world.database.isAdmin(user_id)
      done(belongs ? 'admitted' : 'forbidden')
    }
    if (!this.is_alive) return done('failed')
    if (this.#wake().record.phase === 'known') return check()
    this.#deliver({ type: 'needed', now: this.#now })
    this.#load((kind) => (kind === 'loaded' ? check() : done('failed')))
  }

  accept(client: Client, since_revision: number | undefined): Connection {
    const connection = new Connection(this.#world, this.#world.nextId(), client, this)
    const { user_id } = client
    this.#sockets.add(connection)
    this.#known.add(connection.id)
    this.#deliver({
      type: 'connected',
      now: this.#now,
      socket: {
        id: connection.id,
        user_id,
        display_name: user_id,
        is_admin: this.#world.database.isAdmin(user_id),
        batch: connection.batch,
        token_expires_at: this.#world.newTokenExpiry(),
      },
      since_revision,
    })
    return connection
  }

  received(connection: Connection, data: string): void {
    if (!this.#hears(connection)) return
    const id = this.#world.nextId()
    this.#deliver({ type: 'received', now: this.#now, socket: connection.id, data, id })
  }

  closed(connection: Connection): void {
    const hears = this.#hears(connection)
    this.#sockets.delete(connection)
    if (hears) this.#deliver({ type: 'closed', now: this.#now, socket: connection.id })
  }

  submit(item: CommitItem, done: (reply: Reply) => void): void {
    if (!this.is_alive) return
    const request = this.#world.nextId()
    this.#replies.set(request, done)
    this.#deliver({ type: 'submitted', now: this.#now, request, item, is_admin: false })
  }

  commitBurst(items: readonly MessageItem[], done: (reply: BurstReply) => void): void {
    if (!this.is_alive) return
    const request = this.#world.nextId()
    this.#burst_replies.set(request, done)
    this.#deliver({ type: 'burst_submitted', now: this.#now, request, items })
  }

  /** Out of memory, with the sockets kept. */
  sleep(): void {
    this.#state = undefined
    this.#life += 1
    this.#known.clear()
    this.#replies.clear()
    this.#burst_replies.clear()
    this.#armed_at = undefined
    const waiting = this.#loading ?? []
    this.#loading = undefined
    for (const done of waiting) done('failed')
  }

  /** The machine is gone, and all sockets with it. */
  die(): void {
    this.is_alive = false
    this.sleep()
    for (const connection of this.#sockets) connection.cut()
    this.#sockets.clear()
  }

  get #now(): number {
    return this.#world.timeline.now
  }

  /** Undefined attachments and sockets closed in an earlier life are not this one's (CONN-9). */
  #hears(connection: Connection): boolean {
    if (!this.is_alive) return false
    this.#wake()
    return this.#known.has(connection.id)
  }

  #wake(): RoomState {
    if (this.#state) return this.#state
    const sockets = [...this.#sockets].filter(({ attachment }) => attachment)
    if (this.#world.chance.next() < 0.5) sockets.reverse()
    for (const { id } of sockets) this.#known.add(id)
    this.#state = this.#world.actor.awake({
      settings: this.#world.settings,
      instance: this.#world.nextId(),
      attachments: sockets.flatMap(({ attachment }) => attachment ?? []),
      now: this.#now,
    })
    return this.#state
  }

  #deliver(input: Input): void {
    const state = this.#wake()
    const { settings } = this.#world
    if (state.settings !== settings)
      this.#take(state, { type: 'configured', now: this.#now, settings })
    this.#take(state, input)
  }

  #take(state: RoomState, input: Input): void {
    const { effects } = this.#world.actor.transition(state, input)
    for (const effect of effects) this.#run(effect)
    this.#arm(nextWake(state))
  }

  #arm(at: number | undefined): void {
    if (at === undefined || (this.#armed_at !== undefined && this.#armed_at <= at)) return
    this.#armed_at = at
    this.#alarm_at = at
    const { timeline, faults } = this.#world
    timeline.after(at - timeline.now + faults.delay(5), () => {
      if (!this.is_alive || this.#alarm_at !== at) return
      this.#alarm_at = undefined
      this.#armed_at = undefined
      this.#deliver({ type: 'tick', now: this.#now })
    })
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        return this.#send([effect.socket], effect.texts)
      case 'broadcast':
        return this.#send(effect.sockets, effect.texts)
      case 'close': {
        const connection = this.#connection(effect.socket)
        return connection && this.#close(connection, effect.code)
      }
      case 'attach': {
        const connection = this.#connection(effect.socket)
        if (connection) connection.attachment = effect.attachment
        return
      }
      case 'burst_reply':
        this.#burst_replies.get(effect.request)?.(effect.reply)
        this.#burst_replies.delete(effect.request)
        return
      case 'settled':
      case 'joined':
      case 'refused':
        return
      case 'commit':
        return this.#commit(effect.request)
      case 'commit_burst':
        return this.#commit({ ...effect.request, in_group: true })
      case 'lease':
        return this.#lease(effect)
      case 'gather':
        return this.#gather(effect)
      case 'look_again': {
        const life = this.#life
        return this.#world.timeline.after(effect.ms, () => {
          if (this.is_alive && this.#life === life)
            this.#deliver({ type: 'looked', now: this.#now })
        })
      }
      case 'load':
        return this.#load()
      case 'read_names':
        return this.#read(
          () => new Map<string, string>(),
          undefined,
          (names) => this.#deliver({ type: 'names_read', now: this.#now, names }),
        )
      case 'read_changes':
        return this.#readChanges(effect)
      case 'read_messages':
        return this.#readMessages(effect)
      case 'authenticate':
        return this.#authenticate(effect)
      case 'notify': {
        const { type: _, ...telling } = effect
        const answer = this.#answering((isInterested: boolean | undefined) =>
          this.#deliver({ type: 'told', now: this.#now, ...telling, isInterested }),
        )
        return answer(this.#world.faults.happens('reply_lost') ? undefined : true)
      }
      // The rest of the inbox is a world of its own: see test/unit/domain/inbox.
      case 'keep_watchers':
      case 'owe_activity':
      case 'move_marks':
      case 'keep_marks':
      case 'tell_marks':
      case 'tell_pushes':
        return
      case 'reply':
        this.#replies.get(effect.request)?.(effect.reply)
        this.#replies.delete(effect.request)
        return
      default:
        return unreachable(effect)
    }
  }

  #connection(id: string): Connection | undefined {
    for (const connection of this.#sockets) if (connection.id === id) return connection
    return undefined
  }

  #send(ids: readonly string[], texts: readonly string[]): void {
    for (const id of ids) {
      const connection = this.#connection(id)
      if (connection?.batch && texts.length > 1) connection.down(joinBatch(texts))
      else for (const text of texts) connection?.down(text)
    }
  }

  #close(connection: Connection, code: number): void {
    this.#sockets.delete(connection)
    connection.closeFromRoom(code)
  }

  #commit(request: (Effect & { type: 'commit' })['request']): void {
    const { faults, chance, database, timeline } = this.#world
    const answer = this.#answering((outcome: CommitOutcome) => {
      if (outcome.kind === 'answered') this.#world.noteRefusals(request.items, outcome.results)
      this.#deliver({ type: 'committed', now: this.#now, outcome, chance: chance.next() })
    })
    const code = chance.next() < 0.5 ? 'database_busy' : 'unavailable'
    if (faults.happens('not_sent'))
      return answer({ kind: 'not_sent', code, ...(code === 'unavailable' && { circuit: 'open' }) })

    const call = new CommitCall(database, request)
    const dies_at = faults.happens('cut') ? chance.below(request.items.length + 2) : Infinity
    if (faults.happens('given_up'))
      timeline.after(faults.delay(500), () => answer({ kind: 'unknown' }))
    const finish = () => {
      if (faults.happens('reply_lost')) answer({ kind: 'unknown' })
      else if (faults.happens('sent_twice')) answer(new CommitCall(database, request).run())
      else answer(call.outcome())
    }
    let steps = 0
    const step = () => {
      if (request.in_group) {
        if (dies_at === Infinity) call.run()
        return dies_at === Infinity ? finish() : answer({ kind: 'unknown' })
      }
      if (steps === dies_at) return answer({ kind: 'unknown' })
      steps += 1
      if (call.step()) timeline.after(faults.delay(3), step)
      else finish()
    }
    timeline.after(faults.delay(), step)
  }

  /** Generous, and at times silent: then what is needed is granted here. */
  #lease({ request: { user_id, needed, spare } }: Effect & { type: 'lease' }): void {
    const answer = this.#answering((lease: Lease) =>
      this.#deliver({ type: 'leased', now: this.#now, user_id, lease }),
    )
    const isSilent = this.#world.faults.happens('reply_lost')
    const granted = needed + (isSilent ? 0 : this.#world.chance.below(spare + 1))
    const figures = { limit: 1_000_000, remaining: 1_000_000, reset_ms: 0, retry_after_ms: 0 }
    answer({ granted, ttl_ms: 3_000, ...figures })
  }

  #load(done?: (kind: LoadResult['kind']) => void): void {
    const isUnderWay = this.#loading !== undefined
    this.#loading ??= []
    if (done) this.#loading.push(done)
    if (isUnderWay) return
    const failed: LoadResult = { kind: 'failed', refusal: refusal('unavailable', 'no database', 1) }
    this.#read(
      (): LoadResult => {
        const snapshot = this.#world.database.readSnapshot(this.#world.recent_at_wake)
        return { kind: 'loaded', snapshot }
      },
      failed,
      (result) => {
        const waiting = this.#loading ?? []
        this.#loading = undefined
        this.#deliver({ type: 'loaded', now: this.#now, result })
        for (const one of waiting) one(result.kind)
      },
    )
  }

  #readChanges({ purpose, after, upto, limit }: Effect & { type: 'read_changes' }): void {
    const { database, chance } = this.#world
    this.#read(
      () => database.readChanges(after, upto, limit),
      { ok: false } as const,
      (result) =>
        this.#deliver({
          type: 'changes_read',
          now: this.#now,
          purpose,
          result,
          chance: chance.next(),
        }),
    )
  }

  #readMessages({ socket, upto, limit }: Effect & { type: 'read_messages' }): void {
    this.#read(
      () => this.#world.database.readMessages(upto, limit),
      undefined,
      (messages) =>
        this.#deliver({ type: 'messages_read', now: this.#now, socket, upto, messages }),
    )
  }

  #authenticate({ socket, token, ref }: Effect & { type: 'authenticate' }): void {
    const result = { user_id: token, expires_at: this.#world.newTokenExpiry() }
    const { timeline, faults } = this.#world
    const answer = this.#answering(() =>
      this.#deliver({ type: 'authenticated', now: this.#now, socket, ref, result }),
    )
    timeline.after(faults.delay(), () => answer(undefined))
  }

  #gather({ ms }: Effect & { type: 'gather' }): void {
    const { timeline, faults } = this.#world
    const life = this.#life
    timeline.after(ms + faults.delay(3), () => {
      if (this.is_alive && this.#life === life) this.#deliver({ type: 'gathered', now: this.#now })
    })
  }

  /** Reads at some moment, answers at a later one. */
  #read<Value>(read: () => Value, failed: Value, done: (value: Value) => void): void {
    const { timeline, faults } = this.#world
    const answer = this.#answering(done)
    timeline.after(faults.delay(), () => answer(faults.happens('read_fails') ? failed : read()))
  }

  /** One answer, some time later, unless the asking life is over. */
  #answering<Value>(done: (value: Value) => void): (value: Value) => void {
    const { timeline, faults } = this.#world
    const life = this.#life
    let isAnswered = false
    return (value) => {
      if (isAnswered) return
      isAnswered = true
      timeline.after(faults.delay(), () => {
        if (this.is_alive && this.#life === life) done(value)
      })
    }
  }
}
