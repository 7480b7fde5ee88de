import type {
  CommitOutcome,
  CommitRequest,
  CommitItem,
  ItemResult,
} from '../../src/domain/room/commit.ts'
import type { Change } from '../../src/protocol/change.ts'
import type { FakeDatabase } from './fake-database.ts'

/**
 * One call of `commit_room`. Each item is a transaction of its own; between two of them the row is
 * free for any other writer, and the call may die.
 */
export class CommitCall {
  readonly #database: FakeDatabase
  readonly #request: Omit<CommitRequest, 'room_id'>
  readonly #results: ItemResult[] = []
  readonly #changes: Change[] = []
  #known: number
  #stop: ItemResult | undefined
  #has_claimed = false

  constructor(database: FakeDatabase, request: Omit<CommitRequest, 'room_id'>) {
    this.#database = database
    this.#request = request
    this.#known = request.expected_revision
  }

  /** The next transaction. False once there is none left. */
  step(): boolean {
    const { claim, items, owner } = this.#request
    if (claim && !this.#has_claimed) {
      this.#database.owner = owner
      this.#has_claimed = true
      return true
    }
    const item = items[this.#results.length]
    if (item) this.#results.push(this.#carryOut(item))
    return this.#results.length < items.length
  }

  /** The whole call in one transaction, as far as others can see. */
  run(): CommitOutcome {
    while (this.step());
    return this.outcome()
  }

  outcome(): CommitOutcome {
    return { kind: 'answered', results: this.#results, changes: this.#changes }
  }

  #carryOut(item: CommitItem): ItemResult {
    this.#stop ??= this.#reasonToStop()
    if (this.#stop) return this.#stop
    const database = this.#database
    this.#tellMissed()
    const result = database.write(item)
    if (result.status === 'committed') this.#known += 1
    if (result.status === 'changed') this.#tellMissed()
    return result
  }

  #reasonToStop(): ItemResult | undefined {
    const { owner, last_revision, missed_max } = this.#database
    if (owner !== this.#request.owner) return { status: 'superseded' }
    if (this.#known > last_revision || last_revision - this.#known > missed_max)
      return { status: 'conflict' }
    return undefined
  }

  #tellMissed(): void {
    const { last_revision } = this.#database
    this.#changes.push(...this.#database.changesBetween(this.#known, last_revision, Infinity))
    this.#known = last_revision
  }
}
