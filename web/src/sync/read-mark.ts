/**
 * How far this person has read the open room, told to the server (INBOX-2). The mark only moves
 * forward, so a lost word is made up for by the next, and by the first after a reconnect.
 */
import type * as z from 'zod/mini'
import type { ReadFrame } from '../../../src/protocol/read-mark.ts'
import type { Cancel, Clock } from './clock.ts'

/** In a busy room the mark moves with every message; counts are not wanted that often. */
export const READ_REPEAT_MS = 1_000

export type ReadMarkOptions = {
  readonly clock: Clock
  /** False when there is no live connection. */
  readonly transmit: (frame: z.infer<typeof ReadFrame>) => boolean
}

export class ReadMark {
  readonly #options: ReadMarkOptions
  #wanted = 0
  #told = 0
  #cancelRest: Cancel | undefined

  constructor(options: ReadMarkOptions) {
    this.#options = options
  }

  moveTo(sequence_number: number): void {
    this.#wanted = Math.max(this.#wanted, sequence_number)
    this.#tell()
  }

  /** A new connection: what was said on the last one may be lost. */
  resume(): void {
    this.#rest()
    this.#told = 0
    this.#tell()
  }

  /** Says the last word at once: somebody who goes elsewhere has still read it. */
  close(): void {
    this.#rest()
    this.#tell()
    this.#rest()
  }

  #rest(): void {
    this.#cancelRest?.()
    this.#cancelRest = undefined
  }

  #tell(): void {
    if (this.#cancelRest !== undefined || this.#wanted <= this.#told) return
    if (!this.#options.transmit({ type: 'read', sequence_number: this.#wanted })) return
    this.#told = this.#wanted
    this.#cancelRest = this.#options.clock.after(READ_REPEAT_MS, () => {
      this.#cancelRest = undefined
      this.#tell()
    })
  }
}
