/** One set of stand-ins: how each behaves now, and what has arrived. */
import type { Arrival, Behaviour, Service, Told } from './behaviour.ts'
import type { FakeAnswer, FakeRequest } from './request.ts'
import { answerEmail, emailError, type Sent } from './resend.ts'
import { answerWebhook } from './webhook.ts'
import { answerWhatsapp, whatsappError } from './whatsapp.ts'

/** What is kept and shown; older ones are forgotten. */
const ARRIVALS_MAX_COUNT = 20_000

type Answer = FakeAnswer & { readonly headers?: Readonly<Record<string, string>> }

/** hang: the connection is left as it is. */
export type Reaction =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly after_ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'break_off' }

type Counter = { now: number; under_way: number[]; window: number; in_window: number }

const newCounter = (): Counter => ({ now: 0, under_way: [], window: 0, in_window: 0 })

export class Desk {
  readonly arrivals: Arrival[] = []
  readonly problems: string[] = []
  readonly behaviours = new Map<Service, Behaviour>()
  webhook_secret: string | undefined
  readonly #counters = new Map<Service, Counter>()
  readonly #sent: Sent = new Map()
  readonly #heard = new Set<string>()

  told(service: Service): Told {
    const { under_way } = this.#counterOf(service)
    const arrivals = this.arrivals.filter((one) => one.service === service)
    return { attempts: under_way.length, under_way, arrivals, problems: this.problems }
  }

  /** Of an earlier process: what it took it does not take again. */
  remember(arrival: Arrival): void {
    this.#keep(arrival)
    const { service, id, key, hash } = arrival
    if (service === 'webhook') this.#heard.add(id)
    if (key !== null && hash !== undefined) this.#sent.set(key, { id, hash })
  }

  /** @param ended call when the request is over */
  react(service: Service, request: FakeRequest): { reaction: Reaction; ended: () => void } {
    const counter = this.#counterOf(service)
    counter.now += 1
    counter.under_way.push(counter.now)
    const ended = () => {
      counter.now -= 1
    }
    return { reaction: this.#reaction(service, request, counter), ended }
  }

  #reaction(service: Service, request: FakeRequest, counter: Counter): Reaction {
    const behaviour = this.behaviours.get(service) ?? { kind: 'take' }
    switch (behaviour.kind) {
      case 'down':
        return { kind: 'break_off' }
      case 'hang':
        return { kind: 'hang' }
      case 'lose_answer':
        this.#take(service, request)
        return { kind: 'break_off' }
      case 'slow':
        return { kind: 'answer', answer: this.#take(service, request), after_ms: behaviour.ms }
      case 'limit':
        return this.#isOver(counter, behaviour.per_second)
          ? now({ ...errorOf(service, 429, limitCode[service]), headers: { 'retry-after': '1' } })
          : now(this.#take(service, request))
      case 'refuse': {
        const { status, code, retry_after, to } = behaviour
        if (to !== undefined && !request.body.includes(to)) return now(this.#take(service, request))
        const headers = retry_after === undefined ? {} : { 'retry-after': retry_after }
        return now({ ...errorOf(service, status, code), headers })
      }
      case 'take':
        return now(this.#take(service, request))
    }
  }

  #take(service: Service, request: FakeRequest): FakeAnswer {
    const answer = this.#ask(service, request)
    if (answer.arrival) this.#keep(answer.arrival)
    if (answer.status >= 400) this.problems.push(`${service}: ${JSON.stringify(answer.body)}`)
    return answer
  }

  #ask(service: Service, request: FakeRequest): FakeAnswer {
    switch (service) {
      case 'email':
        return answerEmail(request, this.#sent)
      case 'whatsapp':
        return answerWhatsapp(request)
      case 'webhook':
        return answerWebhook(request, this.#heard, this.webhook_secret)
    }
  }

  #keep(arrival: Arrival): void {
    this.arrivals.push(arrival)
    if (this.arrivals.length > ARRIVALS_MAX_COUNT) this.arrivals.shift()
  }

  #isOver(counter: Counter, per_second: number): boolean {
    const window = Math.floor(Date.now() / 1_000)
    if (window !== counter.window) Object.assign(counter, { window, in_window: 0 })
    counter.in_window += 1
    return counter.in_window > per_second
  }

  #counterOf(service: Service): Counter {
    const known = this.#counters.get(service)
    if (known) return known
    const made = newCounter()
    this.#counters.set(service, made)
    return made
  }
}

const now = (answer: Answer): Reaction => ({ kind: 'answer', answer, after_ms: 0 })

const limitCode = { email: 'rate_limit_exceeded', whatsapp: 130429, webhook: undefined }

function errorOf(service: Service, status: number, code: string | number | undefined): FakeAnswer {
  const message = 'as this stand-in was told'
  if (service === 'email') return emailError(status, String(code ?? 'application_error'), message)
  if (service === 'whatsapp') return whatsappError(status, Number(code ?? 131000), message)
  return { status, body: { error: message } }
}
