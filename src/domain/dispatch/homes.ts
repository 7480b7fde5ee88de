/**
 * Whether a message may leave its shard, or one that was accepted before it still waits in a shard
 * of a former layout (DISP-8). What is not known has to be asked; what was learned is remembered,
 * bounded.
 */
import { formerHomes, type Layout } from './layout.ts'
import type { DispatchSettings } from './settings.ts'

export type Kept = {
  readonly epoch: number
  readonly order_key: string
  /** With its priority. */
  readonly queue_key: string
}

export type Question = {
  readonly home: number
  readonly epoch: number
  readonly keys: readonly string[]
}

export class Homes {
  readonly #own: number
  readonly #settings: DispatchSettings
  #layout: Layout | undefined
  /** Shards that hold nothing from before an epoch. */
  readonly #empty = new Map<number, number>()
  /** Keys of which a shard holds nothing from before an epoch; by shard and key. */
  readonly #cleared = new Map<string, number>()
  /** What has to be asked, by shard and epoch. */
  readonly #open = new Map<string, { home: number; epoch: number; keys: Set<string> }>()

  constructor(own: number, settings: DispatchSettings) {
    this.#own = own
    this.#settings = settings
  }

  get layout(): Layout | undefined {
    return this.#layout
  }

  knows(layout: Layout): void {
    if (layout.epoch >= (this.#layout?.epoch ?? 0)) this.#layout = layout
  }

  /** Whether the layout is known under which this was accepted. The first had none before it. */
  isKnown(epoch: number): boolean {
    return epoch <= 1 || epoch <= (this.#layout?.epoch ?? 1)
  }

  /** False: not before `questions` are answered. */
  mayLeave({ epoch, order_key, queue_key }: Kept): boolean {
    if (!this.isKnown(epoch)) return false
    const layout = this.#layout
    if (!layout || layout.former.length === 0) return true
    let may = true
    for (const home of formerHomes(layout, { epoch, order_key, own: this.#own })) {
      if ((this.#empty.get(home) ?? 0) >= epoch) continue
      if ((this.#cleared.get(`${home} ${queue_key}`) ?? 0) >= epoch) continue
      may = false
      this.#ask(home, epoch, queue_key)
    }
    return may
  }

  /** What to ask now; they are asked once, and again if somebody still needs to know. */
  questions(): Question[] {
    const questions = [...this.#open.values()].map(({ home, epoch, keys }) => ({
      ...{ home, epoch },
      keys: [...keys],
    }))
    this.#open.clear()
    return questions
  }

  /** @param oldest_epoch the oldest of which that shard holds anything */
  answered(
    { home, epoch, keys }: Question,
    { held, oldest_epoch }: { readonly held: readonly string[]; readonly oldest_epoch: number },
  ): void {
    if (oldest_epoch >= epoch) this.#empty.set(home, epoch)
    const stay = new Set(held)
    for (const key of keys) if (!stay.has(key)) this.#clear(`${home} ${key}`, epoch)
  }

  #ask(home: number, epoch: number, key: string): void {
    const id = `${home} ${epoch}`
    const open = this.#open.get(id) ?? { home, epoch, keys: new Set() }
    this.#open.set(id, open)
    if (open.keys.size < this.#settings.ask_max_count) open.keys.add(key)
  }

  #clear(id: string, epoch: number): void {
    this.#cleared.delete(id)
    this.#cleared.set(id, epoch)
    if (this.#cleared.size <= this.#settings.cleared_max_count) return
    const [oldest] = this.#cleared.keys()
    if (oldest !== undefined) this.#cleared.delete(oldest)
  }
}
