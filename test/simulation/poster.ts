/**
 * A shard of the burst lane, as a room meets it: it keeps what is not settled, sends it in order,
 * and sends it again with the same ids until it is. It checks everything that it is told.
 */
import type { BurstReply, ItemResult, MessageItem } from '../../src/domain/room/commit.ts'
import type { Chance } from '../support/chance.ts'
import type { World } from './world.ts'

type Post = {
  readonly item: MessageItem
  /** Undefined: not settled. */
  outcome: 'written' | 'refused' | undefined
}

/** Eve may only read: what is posted in her name is refused alone. */
const senders = ['owner', 'ann', 'bob', 'eve'] as const

/** Then it believes the answer lost, as it does after a crash of its own. */
const patience_ms = 6_000

export class Poster {
  readonly #world: World
  readonly #chance: Chance
  readonly #posts: Post[] = []
  /** Raised by each sending: an answer to an earlier one is late. */
  #sendings = 0
  #is_sending = false

  constructor(world: World, chance: Chance) {
    this.#world = world
    this.#chance = chance
  }

  get isSettled(): boolean {
    return this.#posts.every(({ outcome }) => outcome !== undefined)
  }

  /** Some messages are accepted, of several senders. */
  post(): void {
    for (let count = this.#chance.below(6); count >= 0; count -= 1)
      this.#posts.push(this.#accepted())
    this.#send()
  }

  /** Messages of one sender are numbered in the order in which they were posted (DISP-7). */
  check(): void {
    for (const sender_id of senders) {
      let last = 0
      for (const { item, outcome } of this.#posts) {
        if (item.actor_id !== sender_id || outcome !== 'written') continue
        const sequence = this.#firstOf(item)?.sequence_number ?? 0
        if (sequence <= last) this.#fails(`${sequence} was posted after ${last}`)
        last = sequence
      }
    }
  }

  #accepted(): Post {
    const id = this.#world.nextId()
    const item: MessageItem = {
      kind: 'message',
      change_id: id,
      actor_id: senders[this.#chance.below(senders.length)] ?? 'owner',
      client_message_id: id,
      content: `posted ${id}`,
      data: null,
      message_type: 'text',
      mentions: [],
      reply_to: null,
      file_id: null,
      search: null,
    }
    return { item, outcome: undefined }
  }

  #send(): void {
    if (this.#is_sending) return
    const open = this.#posts.filter(({ outcome }) => outcome === undefined)
    const sent = open.slice(0, 1 + this.#chance.below(8))
    if (sent.length === 0) return
    this.#is_sending = true
    const sending = (this.#sendings += 1)
    const { timeline, faults } = this.#world
    const goesOn = () => {
      if (sending !== this.#sendings) return
      this.#is_sending = false
      this.#send()
    }
    timeline.after(faults.delay(), () =>
      this.#world.host.commitBurst(
        sent.map(({ item }) => item),
        (reply) => {
          this.#check(sent, reply)
          // A crash at this moment loses it.
          if (faults.happens('reply_lost')) return
          timeline.after(faults.delay(), () => {
            this.#settle(sent, reply)
            timeline.after(reply.ok ? 0 : (reply.refusal.retry_after_ms ?? 500) + 10, goesOn)
          })
        },
      ),
    )
    timeline.after(patience_ms, goesOn)
  }

  #check(sent: readonly Post[], reply: BurstReply): void {
    if (!reply.ok) return
    const { results } = reply
    if (results.length !== sent.length)
      this.#fails(`${results.length} results of ${sent.length} messages`)
    sent.forEach(({ item }, index) => this.#checkOne(item, results[index]))
  }

  #checkOne(item: MessageItem, result: ItemResult | undefined): void {
    switch (result?.status) {
      case 'committed':
      case 'duplicate': {
        const first = this.#firstOf(item)
        const isTrue =
          first?.sequence_number === result.sequence_number && first.revision === result.revision
        if (!isTrue)
          this.#fails(`written as ${result.sequence_number}, but it is ${first?.sequence_number}`)
        return
      }
      case 'refused':
        if (result.code !== 'forbidden') this.#fails(`refused: ${result.message}`)
        return
      default:
        this.#fails(`a burst was answered ${result?.status}`)
    }
  }

  /** The first answer counts: a refusal is final. */
  #settle(sent: readonly Post[], reply: BurstReply): void {
    if (!reply.ok) return
    sent.forEach((post, index) => {
      post.outcome ??= reply.results[index]?.status === 'refused' ? 'refused' : 'written'
    })
  }

  #firstOf({ actor_id, client_message_id }: MessageItem) {
    return this.#world.database.firstOf(actor_id, client_message_id)
  }

  #fails(what: string): never {
    throw new Error(`a poster: ${what}`)
  }
}
