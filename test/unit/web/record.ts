/**
 * A room's messages and changes as the server keeps them: rows of reactions, one revision for
 * each change, every message readable in its present form. What the page must arrive at.
 */
import * as fc from 'fast-check'
import type { Change } from '../../../src/protocol/change.ts'
import type { Message, Reaction } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import { aMessage, aMessageFrame, at } from './builders.ts'

type ReactionRow = {
  readonly emoji: string
  readonly user_id: string
  readonly revision: number
}

export type Act =
  | { readonly act: 'say' }
  | { readonly act: 'edit' | 'delete' | 'pin' | 'unpin'; readonly nth: number }
  | {
      readonly act: 'react' | 'take back'
      readonly nth: number
      readonly emoji: string
      readonly user_id: string
    }

const nth = fc.nat(7)
const someEmoji = fc.constantFrom('👍', '🎉', '❤️')
const somebody = fc.constantFrom('alice@muster.test', 'bob@muster.test', 'carol@muster.test')
const react = fc.constantFrom('react' as const, 'take back' as const)

export const anAct: fc.Arbitrary<Act> = fc.oneof(
  fc.constant({ act: 'say' as const }),
  fc.record({ act: fc.constantFrom('edit' as const, 'pin' as const, 'unpin' as const), nth }),
  fc.record({ act: fc.constant('delete' as const), nth }),
  { weight: 4, arbitrary: fc.record({ act: react, nth, emoji: someEmoji, user_id: somebody }) },
)

export class FakeRecord {
  /** By revision, from 2 on: the first revision is the room's creation. */
  readonly log: Change[] = []
  readonly #messages: Message[] = []
  readonly #reactions = new Map<string, ReactionRow[]>()

  get last_revision(): number {
    return this.log.length + 1
  }

  get last_sequence(): number {
    return this.#messages.length
  }

  /** All messages in their present form, oldest first. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  since(revision: number): readonly Change[] {
    return this.log.filter((change) => change.revision > revision)
  }

  /** A replay gives every message in its present form. */
  replay(revision: number): readonly Change[] {
    return this.since(revision).map((change) =>
      change.type === 'message' ? aMessageFrame(this.#held(change.message.message_id)) : change,
    )
  }

  say(overrides: Partial<Message> = {}): Message {
    const n = this.#messages.length + 1
    const message = aMessage(n, { revision: this.last_revision + 1, ...overrides })
    this.#messages.push(message)
    this.log.push(aMessageFrame(message))
    return message
  }

  /** The change it makes; undefined where there is nothing to change. */
  do(what: Act): Change | undefined {
    if (what.act === 'say') {
      this.say()
      return this.log.at(-1)
    }
    const message = this.#messages[what.nth % Math.max(1, this.#messages.length)]
    if (message === undefined || message.deleted_at !== null) return undefined
    const change = this.#change(message, what)
    if (change === undefined) return undefined
    this.log.push(change)
    return change
  }

  #change(message: Message, what: Exclude<Act, { act: 'say' }>): MessageChange | undefined {
    const { message_id } = message
    const revision = this.last_revision + 1
    const done = { revision, actor_id: 'bob@muster.test', timestamp: at, message_id }
    switch (what.act) {
      case 'edit': {
        const content = `edited by ${revision}`
        const mentions = revision % 2 === 0 ? ['alice@muster.test'] : []
        this.#put({ ...message, content, mentions, edited_at: at, changed_revision: revision })
        return { type: 'message_edited', ...done, content, mentions, edited_at: at }
      }
      case 'delete': {
        const gone = { deleted_at: at, deleted_by: 'carol@muster.test' }
        const nothing = { content: '', data: null, mentions: [], pin: null, reactions: [] }
        const bare = { ...nothing, file_id: null, file: null, file_url: null }
        this.#put({ ...message, ...bare, ...gone, changed_revision: revision })
        return { type: 'message_deleted', ...done, ...gone }
      }
      case 'pin': {
        const pin = { pinned_by: done.actor_id, pinned_at: at, event_at: message.created_at }
        this.#put({ ...message, pin, changed_revision: revision })
        return { type: 'message_pinned', ...done, pin }
      }
      case 'unpin':
        if (message.pin === null) return undefined
        this.#put({ ...message, pin: null, changed_revision: revision })
        return { type: 'message_unpinned', ...done }
      case 'react':
      case 'take back':
        return this.#react(message, what, done)
    }
  }

  #react(
    message: Message,
    what: Extract<Act, { emoji: string }>,
    done: Pick<MessageChange, 'revision' | 'actor_id' | 'timestamp' | 'message_id'>,
  ): MessageChange | undefined {
    const { emoji, user_id } = what
    const rows = this.#reactions.get(message.message_id) ?? []
    const others = rows.filter((row) => row.emoji !== emoji || row.user_id !== user_id)
    const had = others.length < rows.length
    if (had === (what.act === 'react')) return undefined
    const next = had ? others : [...rows, { emoji, user_id, revision: done.revision }]
    this.#reactions.set(message.message_id, next)
    const reactions = aggregated(next)
    this.#put({ ...message, reactions, changed_revision: done.revision })
    const group = reactions.find((reaction) => reaction.emoji === emoji)
    return {
      type: had ? 'reaction_removed' : 'reaction_added',
      ...done,
      emoji,
      user_id,
      count: group?.count ?? 0,
      first_revision: group?.first_revision ?? null,
    }
  }

  #put(message: Message): void {
    this.#messages[message.sequence_number - 1] = message
  }

  #held(message_id: string): Message {
    const message = this.#messages.find((candidate) => candidate.message_id === message_id)
    if (message === undefined) throw new Error(`no message ${message_id}`)
    return message
  }
}

const aggregated = (rows: readonly ReactionRow[]): Reaction[] => {
  const groups = Map.groupBy(rows, (row) => row.emoji)
  return [...groups]
    .map(([emoji, group]) => ({
      emoji,
      count: group.length,
      user_ids: group.map((row) => row.user_id),
      first_revision: Math.min(...group.map((row) => row.revision)),
    }))
    .toSorted((a, b) => a.first_revision - b.first_revision)
}
