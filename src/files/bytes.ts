/** Bytes gathered one after the other, in a buffer that grows with them up to a limit. */

const firstCapacity = 65_536

export class GatheredBytes {
  readonly #max: number
  #buffer = new Uint8Array(0)
  #length = 0

  constructor(max_bytes: number) {
    this.#max = max_bytes
  }

  /** Takes what there is room for. @returns what it did not take */
  add(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, this.#max - this.#length)
    const length = this.#length + taken.length
    if (length > this.#buffer.length) {
      const wanted = Math.max(length, firstCapacity, 2 * this.#buffer.length)
      const grown = new Uint8Array(Math.min(wanted, this.#max))
      grown.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = grown
    }
    this.#buffer.set(taken, this.#length)
    this.#length = length
    return bytes.subarray(taken.length)
  }

  /** A view, true until the next `add`. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Empty again; the buffer is kept. */
  clear(): void {
    this.#length = 0
  }
}
