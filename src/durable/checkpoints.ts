/**
 * What a room's object remembers of where its record stood, outside the database (API-9): whoever
 * can cut the rows' end can put the counters back, but cannot reach this. One is taken a minute
 * after the first write since the last, so that writing costs no round trip and a room that falls
 * asleep is covered all the same: when it is due is kept, and the object's alarm wakes it.
 */
import type { ProofHead } from '../database/proof.ts'
import { parseReceipt, type Statement } from '../domain/proof/receipt.ts'
import type { Env } from '../env.ts'
import { signStatement } from '../identity/receipts.ts'
import { log } from '../telemetry/log.ts'
import { askDatabase } from './ask-database.ts'

/** A room in traffic takes one so often, and a quiet one none. */
const EVERY_MS = 60_000

/** Each attests all that came before it; the older ones tell where the damage begins. */
const KEPT_MAX_COUNT = 32

const keptKey = 'checkpoints'
const dueKey = 'checkpoint_due'

export class Checkpoints {
  readonly #env: Env
  readonly #room_id: string
  readonly #storage: DurableObjectStorage
  #due_at: number | undefined
  #taking: Promise<void> | undefined

  constructor(env: Env, room_id: string, storage: DurableObjectStorage) {
    this.#env = env
    this.#room_id = room_id
    this.#storage = storage
  }

  /** As far as this instance knows. In ms since the epoch; undefined: nothing was written since. */
  get due_at(): number | undefined {
    return this.#due_at
  }

  /** Signed, oldest first. */
  async list(): Promise<string[]> {
    return (await this.#storage.get<string[]>(keptKey)) ?? []
  }

  /** Something was committed. Costs nothing but once a minute. */
  async wrote(now: number): Promise<void> {
    if (this.#due_at !== undefined || (await this.readDue()) !== undefined) return
    this.#due_at = now + EVERY_MS
    // Not waited for: what is said next must not wait for it either.
    void this.#storage.put(dueKey, this.#due_at, { allowUnconfirmed: true })
  }

  /** Also what an instance before this one has left. */
  async readDue(): Promise<number | undefined> {
    this.#due_at ??= await this.#storage.get<number>(dueKey)
    return this.#due_at
  }

  /** Remembers where the record stands now. Never throws; one at a time. */
  take(now: number): Promise<void> {
    this.#taking ??= this.#take(now).finally(() => {
      this.#taking = undefined
    })
    return this.#taking
  }

  async #take(now: number): Promise<void> {
    // Who writes from here on may come too late for this one, and asks for the next.
    this.#due_at = undefined
    if (await this.#taken(now)) await this.#storage.delete(dueKey)
    else this.#due_at = now + EVERY_MS
    if (this.#due_at === undefined) return
    this.#due_at = now + EVERY_MS
    await this.#storage.put(dueKey, this.#due_at)
  }

  /** False: the database did not say. */
  async #taken(now: number): Promise<boolean> {
    const room_id = this.#room_id
    const kept = await this.list()
    const last = parseReceipt(kept.at(-1) ?? '')
    const known_revision = last?.revision ?? null
    const args = { room_id, user_id: null, known_revision }
    const read = await askDatabase(this.#env, room_id, 'readProofHead', args)
    if (!read.ok) return false
    if (read.value && isContinued(last, read.value)) await this.#keep(kept, read.value, now)
    // Evidence: from here on nothing is added, and so nothing is dropped.
    else if (last) log.error('record_rewritten', { room_id, known_revision })
    return true
  }

  async #keep(kept: readonly string[], { revision, hash }: ProofHead, now: number): Promise<void> {
    if (parseReceipt(kept.at(-1) ?? '')?.revision === revision) return
    const statement = { room_id: this.#room_id, revision, hash, at: now }
    const signed = await signStatement(this.#env, statement)
    if (signed === undefined) return
    await this.#storage.put(keptKey, [...kept, signed].slice(-KEPT_MAX_COUNT))
  }
}

/** Whether the record still contains what was remembered last. */
const isContinued = (last: Statement | undefined, head: ProofHead): boolean =>
  last === undefined || (head.revision >= last.revision && head.known_hash === last.hash)
