/**
 * A system that posts one-way messages and does as it is told: who is slowed comes back after
 * `Retry-After`, who gets no answer posts the same again with the same key. It writes down what it
 * was told, for `judge.ts`.
 */
import { Agent, request } from 'node:http'
import type { OneWayTracking, Priority, Recipient } from '../../../src/protocol/one-way.ts'
import { pause } from '../../../tools/dev/child-process.ts'
import type { Chance } from '../chance.ts'
import type { Person } from '../people.ts'

export type Posted = {
  readonly sender_id: string
  readonly recipient: Recipient
  readonly content: unknown
  readonly priority: Priority
  readonly idempotency_key: string
  /** In the order in which its sender began to post. */
  readonly place: number
  tracking_id: string | undefined
  /** Answers by status: how often it was refused, and how often there was no answer (0). */
  readonly answers: Record<number, number>
  /** What it became in the end. */
  outcome: OneWayTracking | undefined
}

export type Wish = {
  readonly recipient: Recipient
  readonly content: unknown
  readonly priority?: Priority
  readonly message_type?: string
  readonly reply_to?: string
}

type Answer = { readonly status: number; readonly body: string; readonly retry_after_s: number }

const noAnswer: Answer = { status: 0, body: '', retry_after_s: 0 }

/** Longer than any acceptance takes, and shorter than a test's patience. */
const answerTimeoutMs = 60_000
const pauseAfterSilenceMs = 50

export type PosterOptions = {
  /** http://host:port of the Worker. */
  readonly url: string
  /** Connections at once; requests beyond that wait on the client's side. */
  readonly connections?: number
  readonly chance: Chance
}

export class Poster {
  readonly posted: Posted[] = []
  readonly #options: PosterOptions
  readonly #agent: Agent
  #places = 0

  constructor(options: PosterOptions) {
    this.#options = options
    this.#agent = new Agent({ keepAlive: true, maxSockets: options.connections ?? 256 })
  }

  /** Posts until it is accepted, or refused for good. */
  async post(person: Person, wish: Wish): Promise<Posted> {
    const posted = this.#note(person, wish)
    for (;;) {
      const answer = await this.#ask(person, {
        method: 'POST',
        path: '/api/messages/one-way',
        body: JSON.stringify(bodyOf(posted, wish)),
      })
      posted.answers[answer.status] = (posted.answers[answer.status] ?? 0) + 1
      if (answer.status === 202) {
        posted.tracking_id = (JSON.parse(answer.body) as { tracking_id: string }).tracking_id
        return posted
      }
      if (!mayPass(answer.status)) return posted
      await pause(this.#pauseMs(answer))
    }
  }

  /** Posts once; undefined where nothing was answered. @returns the status */
  async postOnce(person: Person, wish: Wish): Promise<Posted> {
    const posted = this.#note(person, wish)
    const answer = await this.#ask(person, {
      method: 'POST',
      path: '/api/messages/one-way',
      body: JSON.stringify(bodyOf(posted, wish)),
    })
    posted.answers[answer.status] = 1
    if (answer.status === 202)
      posted.tracking_id = (JSON.parse(answer.body) as { tracking_id: string }).tracking_id
    return posted
  }

  /** All as one batch; what is refused for now is posted again. */
  async postBatch(person: Person, wishes: readonly Wish[]): Promise<Posted[]> {
    const all = wishes.map((wish) => ({ posted: this.#note(person, wish), wish }))
    let rest = all
    while (rest.length > 0) {
      const answer = await this.#ask(person, {
        method: 'POST',
        path: '/api/messages/one-way/batch',
        type: 'application/x-ndjson',
        body: rest.map(({ posted, wish }) => `${JSON.stringify(bodyOf(posted, wish))}\n`).join(''),
      })
      const ids =
        answer.status === 202
          ? (JSON.parse(answer.body) as { tracking_ids: (string | null)[] }).tracking_ids
          : rest.map(() => null)
      rest.forEach(({ posted }, index) => {
        posted.tracking_id = ids[index] ?? undefined
        const status = posted.tracking_id === undefined ? answer.status : 202
        posted.answers[status] = (posted.answers[status] ?? 0) + 1
      })
      if (answer.status !== 202 && !mayPass(answer.status)) break
      rest = rest.filter(({ posted }) => posted.tracking_id === undefined)
      if (rest.length > 0) await pause(this.#pauseMs(answer))
    }
    return all.map(({ posted }) => posted)
  }

  /** Asks what became of all that were accepted. @returns whether each is final */
  async settle(people: readonly Person[]): Promise<boolean> {
    const byId = new Map(people.map((person) => [person.user_id, person]))
    await Promise.all(
      this.posted.map(async (posted) => {
        const person = byId.get(posted.sender_id)
        if (posted.tracking_id === undefined || isFinal(posted.outcome) || !person) return
        const path = `/api/messages/one-way/${posted.tracking_id}`
        const answer = await this.#ask(person, { method: 'GET', path })
        if (answer.status === 200) posted.outcome = JSON.parse(answer.body) as OneWayTracking
      }),
    )
    return this.posted.every(
      ({ tracking_id, outcome }) => tracking_id === undefined || isFinal(outcome),
    )
  }

  close(): void {
    this.#agent.destroy()
  }

  #note({ user_id }: Person, { recipient, content, priority = 'normal' }: Wish): Posted {
    this.#places += 1
    const place = this.#places
    const posted: Posted = {
      ...{ sender_id: user_id, recipient, content, priority, place },
      idempotency_key: `post-${place}`,
      tracking_id: undefined,
      answers: {},
      outcome: undefined,
    }
    this.posted.push(posted)
    return posted
  }

  #pauseMs({ status, retry_after_s }: Answer): number {
    const spread = 0.75 + this.#options.chance.next() / 2
    return (status === 0 ? pauseAfterSilenceMs : Math.max(0.2, retry_after_s) * 1_000) * spread
  }

  #ask(
    { token }: Person,
    asked: {
      readonly method: string
      readonly path: string
      readonly type?: string
      readonly body?: string
    },
  ): Promise<Answer> {
    const { method, path, type = 'application/json', body } = asked
    return new Promise((resolve) => {
      const asking = request(new URL(path, this.#options.url), {
        method,
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined
            ? {}
            : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
        },
      })
      asking.setTimeout(answerTimeoutMs, () => asking.destroy())
      asking.on('error', () => resolve(noAnswer))
      asking.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', () => resolve(noAnswer))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            retry_after_s: Number(response.headers['retry-after'] ?? 0),
          }),
        )
      })
      asking.end(body)
    })
  }
}

const bodyOf = ({ idempotency_key }: Posted, wish: Wish) => ({ ...wish, idempotency_key })

const mayPass = (status: number): boolean => status === 0 || status === 429 || status >= 500

const finalStates: readonly string[] = ['committed', 'delivered', 'rejected', 'dead']

export const isFinal = (outcome: OneWayTracking | undefined): boolean =>
  outcome !== undefined && finalStates.includes(outcome.status)
