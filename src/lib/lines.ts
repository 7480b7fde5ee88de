/** Lines of bytes that come in pieces of any length; no more is held than the longest line. */

export type Line =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  /** Longer than a line may be; its bytes are let go of as they come. */
  | { readonly kind: 'too_long' }

export class LineReader {
  readonly #max_bytes: number
  #pieces: Uint8Array[] = []
  #size = 0
  #isTooLong = false

  constructor(max_bytes: number) {
    this.#max_bytes = max_bytes
  }

  /** The lines that end in this piece. They share its memory. */
  *push(piece: Uint8Array): Generator<Line> {
    let start = 0
    for (;;) {
      const end = piece.indexOf(NEWLINE, start)
      if (end === -1) break
      this.#hold(piece.subarray(start, end))
      yield this.#take()
      start = end + 1
    }
    // The caller may use the memory of the piece again.
    if (start < piece.length) this.#hold(piece.slice(start))
  }

  /** What came after the last newline; undefined: nothing did. */
  rest(): Line | undefined {
    return this.#size === 0 && !this.#isTooLong ? undefined : this.#take()
  }

  #hold(bytes: Uint8Array): void {
    this.#size += bytes.length
    if (this.#size > this.#max_bytes) {
      this.#isTooLong = true
      this.#pieces = []
    } else if (bytes.length > 0) this.#pieces.push(bytes)
  }

  #take(): Line {
    const line: Line = this.#isTooLong
      ? { kind: 'too_long' }
      : { kind: 'line', bytes: joined(this.#pieces, this.#size) }
    this.#pieces = []
    this.#size = 0
    this.#isTooLong = false
    return line
  }
}

const NEWLINE = 10

const joined = (pieces: readonly Uint8Array[], size: number): Uint8Array => {
  const [only] = pieces
  if (only && pieces.length === 1) return only
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}
