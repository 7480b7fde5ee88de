/**
 * Changes of messages that one client asked for and has no final answer to. Each is asked for
 * again after a lost connection: what is so already is only confirmed (MSG-7…11).
 */
import { randomUUID } from 'node:crypto'
import type { ChangeFrame } from '../../src/domain/room/wanted.ts'
import type { ErrorCode } from '../../src/protocol/errors.ts'

export type WishOutcome = 'changed' | 'unchanged' | ErrorCode

type Wish = { readonly frame: ChangeFrame; readonly resolve: (outcome: WishOutcome) => void }

export class Wishes {
  readonly #wishes = new Map<string, Wish>()

  get size(): number {
    return this.#wishes.size
  }

  add(frame: ChangeFrame): { readonly ref: string; readonly answer: Promise<WishOutcome> } {
    const { promise, resolve } = Promise.withResolvers<WishOutcome>()
    const ref = `wish ${randomUUID()}`
    this.#wishes.set(ref, { frame: { ...frame, ref }, resolve })
    return { ref, answer: promise }
  }

  get(ref: string): ChangeFrame | undefined {
    return this.#wishes.get(ref)?.frame
  }

  refs(): string[] {
    return [...this.#wishes.keys()]
  }

  settle(ref: string, outcome: WishOutcome): void {
    this.#wishes.get(ref)?.resolve(outcome)
    this.#wishes.delete(ref)
  }
}
