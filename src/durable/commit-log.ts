/**
 * What a room's log says of its commits (OPS-5): each that was slow or failed, and what went well
 * gathered, one line in a while. So a room that is busy costs no more lines than one that is not,
 * and one where people speak now and then has a line for each call.
 */
import { itemId, type CommitItem, type CommitOutcome } from '../domain/room/commit.ts'
import { log } from '../telemetry/log.ts'

export type Lane = 'said' | 'burst'

/** For each room and lane; a room that was busy is awake so much longer. */
const GATHER_MS = 2_000

export type CommitCall = {
  readonly call_id: string
  readonly lane: Lane
  readonly items: readonly CommitItem[]
  readonly outcome: CommitOutcome
  /** From the call to its answer. */
  readonly ms: number
}

export class CommitLog {
  readonly #room_id: string
  readonly #slowMs: () => number
  readonly #gathered = new Map<Lane, Gathered>()
  readonly #told_at = new Map<Lane, number>()

  constructor(room_id: string, slowMs: () => number) {
    this.#room_id = room_id
    this.#slowMs = slowMs
  }

  called(call: CommitCall): void {
    const { call_id, lane, outcome, ms } = call
    const room_id = this.#room_id
    const of = { room_id, lane, count: call.items.length, ms, call_id }
    if (outcome.kind !== 'answered') {
      const code = outcome.kind === 'not_sent' ? outcome.code : 'unknown'
      return log.warn('commit_failed', { ...of, code, items: idsOf(call) })
    }
    const figures = figuresOf(outcome)
    if (ms > this.#slowMs())
      return log.warn('commit_slow', { ...of, ...figures, items: idsOf(call) })
    this.#gather(call, figures)
  }

  #gather({ lane, ...call }: CommitCall, figures: Figures): void {
    const before = this.#gathered.get(lane)
    this.#gathered.set(lane, {
      calls: (before?.calls ?? 0) + 1,
      count: (before?.count ?? 0) + call.items.length,
      refused: (before?.refused ?? 0) + figures.refused,
      first_revision: before?.first_revision ?? figures.first_revision,
      last_revision: figures.last_revision ?? before?.last_revision,
      max_ms: Math.max(before?.max_ms ?? 0, call.ms),
      only: before ? undefined : { call_id: call.call_id, items: idsOf(call) },
    })
    if (before) return
    // No timer where there is nothing to tell: it would keep a quiet room from sleeping.
    const wait_ms = (this.#told_at.get(lane) ?? -Infinity) + GATHER_MS - Date.now()
    if (wait_ms <= 0) this.#tell(lane)
    else setTimeout(() => this.#tell(lane), wait_ms)
  }

  #tell(lane: Lane): void {
    const gathered = this.#gathered.get(lane)
    if (!gathered) return
    this.#gathered.delete(lane)
    this.#told_at.set(lane, Date.now())
    const { only, ...figures } = gathered
    log.info('committed', { room_id: this.#room_id, lane, ...figures, ...only })
  }
}

type Figures = {
  readonly refused: number
  readonly first_revision: number | undefined
  readonly last_revision: number | undefined
}

type Gathered = Figures & {
  readonly calls: number
  readonly count: number
  readonly max_ms: number
  /** As long as there is one. */
  readonly only: { readonly call_id: string; readonly items: string[] } | undefined
}

const idsOf = ({ items }: Pick<CommitCall, 'items'>): string[] => items.slice(0, 20).map(itemId)

/** Revisions of its own items and of those that it told besides. */
const figuresOf = ({ results, changes }: CommitOutcome & { kind: 'answered' }): Figures => {
  let first: number | undefined
  let last: number | undefined
  const take = (revision: number): void => {
    first = Math.min(first ?? revision, revision)
    last = Math.max(last ?? revision, revision)
  }
  let refused = 0
  for (const result of results) {
    if (result.status === 'committed') take(result.revision)
    if (result.status === 'refused') refused += 1
  }
  for (const change of changes) take(change.revision)
  return { refused, first_revision: first, last_revision: last }
}
