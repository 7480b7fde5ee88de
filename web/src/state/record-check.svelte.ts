/**
 * Checks of the open room's record in this session (API-9), and the receipt of the last good one,
 * which this device keeps: with it a later check finds out when the end was cut off meanwhile.
 */
import { createContext } from 'svelte'
import type { Verification } from '../../../src/protocol/proof.ts'
import type { Api, Failure } from '../sync/api.ts'
import type { Clock } from '../sync/clock.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'
import {
  notedHeadOf,
  suspicionOf,
  type HeldPosition,
  type Suspicion,
} from '../sync/record-verdict.ts'

/** Who opens the view again sooner is shown the last check; proving reads the whole record. */
export const RECHECK_AFTER_MS = 300_000

/** Of one session; the older ones say nothing new. */
export const CHECKS_KEPT_COUNT = 20

export type FinishedCheck = {
  /** By this device's clock. */
  readonly at_ms: number
  readonly result:
    | {
        readonly kind: 'answered'
        readonly verification: Verification
        readonly suspicion: Suspicion | undefined
        /** The server did not recognise what this device had noted. */
        readonly receipt_refused: boolean
      }
    | { readonly kind: 'failed'; readonly failure: Failure }
}

export type RecordState = 'unchecked' | 'checking' | 'whole' | 'broken' | 'failed'

export type RecordCheckOptions = {
  readonly room_id: string
  readonly user_id: string
  readonly api: Pick<Api, 'verify'>
  readonly clock: Clock
  readonly store: KeyValueStore
  readonly held: () => HeldPosition
}

export class RecordCheck {
  readonly #options: RecordCheckOptions
  readonly #key: string
  #is_checking = $state(false)
  #checks: readonly FinishedCheck[] = $state.raw([])

  constructor(options: RecordCheckOptions) {
    this.#options = options
    this.#key = `muster.receipt.${options.user_id}.${options.room_id}`
  }

  /** The newest first. */
  get checks(): readonly FinishedCheck[] {
    return this.#checks
  }

  get state(): RecordState {
    if (this.#is_checking) return 'checking'
    const last = this.#checks[0]
    return last === undefined ? 'unchecked' : outcomeOf(last)
  }

  checkIfStale(): void {
    const last = this.#checks[0]
    if (last === undefined || this.#options.clock.now() - last.at_ms > RECHECK_AFTER_MS)
      void this.check()
  }

  /** What was noted under a key that is gone proves nothing; the next good check notes anew. */
  async forgetNoted(): Promise<void> {
    this.#options.store.remove(this.#key)
    await this.check()
  }

  async check(): Promise<void> {
    if (this.#is_checking) return
    this.#is_checking = true
    const result = await this.#ask()
    const finished = { at_ms: this.#options.clock.now(), result }
    this.#checks = [finished, ...this.#checks].slice(0, CHECKS_KEPT_COUNT)
    this.#is_checking = false
  }

  async #ask(): Promise<FinishedCheck['result']> {
    const { api, room_id, store, held } = this.#options
    const receipt = store.get(this.#key)
    // Before asking: what this page is told meanwhile need not be in the answer.
    const held_before = held()
    let answer = await api.verify(room_id, receipt)
    const receipt_refused =
      receipt !== undefined && !answer.ok && answer.failure.code === 'bad_request'
    if (receipt_refused) answer = await api.verify(room_id, undefined)
    if (!answer.ok) return { kind: 'failed', failure: answer.failure }
    const verification = answer.value
    const noted = receipt === undefined ? undefined : notedHeadOf(receipt)
    const suspicion = suspicionOf({ verification, held: held_before, noted })
    // A receipt that was refused stays: it is evidence, and nothing newer is better.
    if (suspicion === undefined && !receipt_refused && verification.receipt !== null)
      store.set(this.#key, verification.receipt)
    return { kind: 'answered', verification, suspicion, receipt_refused }
  }
}

export const outcomeOf = ({ result }: FinishedCheck): 'whole' | 'broken' | 'failed' => {
  if (result.kind === 'failed') return 'failed'
  return result.suspicion === undefined ? 'whole' : 'broken'
}

export const [getRecordCheck, setRecordCheck] = createContext<RecordCheck>()
