/**
 * The read replica: it answers only while it can be reached and sees no less than the primary did
 * when it was asked; otherwise the primary has to. Decision 0014 tells why.
 */
import type { ReplicaFigures } from '../protocol/database-figures.ts'
import { log } from '../telemetry/log.ts'
import type { Client } from './client.ts'
import type { Used } from './pool.ts'
import type { Source } from './source.ts'
import { isLevel, readStandpoint, type Standpoint, type Viewer } from './standpoint.ts'

/** A replica that could not be reached is left alone so long; then one caller tries it. */
const restMs = 5_000

/** One that does not say where it stands within this time counts as out of reach. */
const silenceMs = 1_000

/** Callers wait no longer than this for one of its connections: the primary is there. */
export const replicaPatienceMs = 1_000

/** One that is behind gets this long to follow; it usually lags by less. */
const followMs = 50

/** SQLSTATE of a statement that took too long: it would load the primary just as much. */
const tookTooLong = '57014'

export type Question<Value> = {
  readonly name: string
  readonly viewer: Viewer
  /** What the primary says of them, read after the question came. */
  readonly needed: Standpoint
  readonly read: (client: Client) => Promise<Value>
}

export class Replica {
  readonly #source: Source
  readonly #now: () => number
  /** Until then it is not asked; 0 while it can be reached. */
  #rests_until = 0
  readonly #counts = { answered: 0, behind: 0, failed: 0, skipped: 0 }

  constructor(source: Source, now: () => number = Date.now) {
    this.#source = source
    this.#now = now
  }

  /**
   * Whether it is worth asking the primary where the viewer stands. After a rest only the first
   * who asks is told so: its question is the trial, the others go on to the primary.
   */
  mayAnswer(): boolean {
    const now = this.#now()
    if (now < this.#rests_until) {
      this.#counts.skipped += 1
      return false
    }
    if (this.#rests_until > 0) this.#rests_until = now + restMs
    return true
  }

  /** @returns undefined where the primary has to answer */
  async answer<Value>(question: Question<Value>): Promise<Used<Value> | undefined> {
    const first = await this.#attempt(question)
    if (first !== 'behind') return first
    await new Promise((resolve) => setTimeout(resolve, followMs))
    const second = await this.#attempt(question)
    if (second !== 'behind') return second
    this.#counts.behind += 1
    return undefined
  }

  figures(): ReplicaFigures {
    const is_resting = this.#now() < this.#rests_until
    return { pool: this.#source.figures(), is_resting, ...this.#counts }
  }

  /** A session of the replica never goes back in time: what it saw once, it sees from then on. */
  async #attempt<Value>({
    name,
    viewer,
    needed,
    read,
  }: Question<Value>): Promise<Used<Value> | 'behind' | undefined> {
    const { statements } = this.#source
    const used = await this.#source.use(async (client) => {
      const standpoint = await statements.measure('readStandpoint', () =>
        inTime(readStandpoint(client, viewer)),
      )
      if (!isLevel(standpoint, needed)) return { kind: 'behind' } as const
      return { kind: 'read', value: await statements.measure(name, () => read(client)) } as const
    })
    switch (used.kind) {
      case 'done':
        this.#rests_until = 0
        if (used.value.kind === 'behind') return 'behind'
        this.#counts.answered += 1
        return { kind: 'done', value: used.value.value }
      case 'refused':
        this.#rests_until = 0
        this.#counts.failed += 1
        return used.sqlstate === tookTooLong ? used : undefined
      case 'not_sent':
      case 'unknown':
        this.#rests_until = this.#now() + restMs
        this.#counts.failed += 1
        log.warn('replica_rests', { why: used.kind, rest_ms: restMs })
        return undefined
    }
  }
}

/** @throws Error, like a connection that was lost, where it takes longer. */
const inTime = async <Value>(answer: Promise<Value>): Promise<Value> => {
  const silence = Promise.withResolvers<never>()
  const timer = setTimeout(() => silence.reject(new Error('the replica is silent')), silenceMs)
  try {
    return await Promise.race([answer, silence.promise])
  } finally {
    clearTimeout(timer)
  }
}
