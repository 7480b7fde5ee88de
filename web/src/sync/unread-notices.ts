/**
 * How many one-way messages to this person are unread (DISP-1): asked for whenever the inbox
 * greets, counted on with every one it tells, and corrected by what was read here.
 */
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { Api } from './api.ts'

export type UnreadNoticesOptions = {
  readonly api: Pick<Api, 'notices'>
  readonly onCount: (count: number) => void
}

export class UnreadNotices {
  readonly #options: UnreadNoticesOptions
  #count = 0
  #is_looking = false
  /** Something was told while an answer was on its way, which may or may not know of it. */
  #is_unsure = false

  constructor(options: UnreadNoticesOptions) {
    this.#options = options
  }

  /** Without an answer the count stays as it was. */
  async look(): Promise<void> {
    if (this.#is_looking) {
      this.#is_unsure = true
      return
    }
    this.#is_looking = true
    do {
      this.#is_unsure = false
      const result = await this.#options.api.notices(new URLSearchParams({ limit: '1' }))
      if (result.ok && !this.#is_unsure) this.#set(result.value.unread_count)
    } while (this.#is_unsure)
    this.#is_looking = false
  }

  onFrame(frame: InboxDownFrame): void {
    if (frame.type === 'inbox_welcome') void this.look()
    if (frame.type === 'notice') this.learn(this.#count + 1)
  }

  /** What else is known by now. */
  learn(count: number): void {
    this.#is_unsure = true
    this.#set(count)
  }

  #set(count: number): void {
    this.#count = Math.max(0, count)
    this.#options.onCount(this.#count)
  }
}
