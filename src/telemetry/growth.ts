/** Counts of an object since it woke, as a counter of all objects: by how much they grew (OPS-1). */

/** @returns what is new since the last time; one that began anew is new as a whole */
export class Growth {
  readonly #before = new Map<string, number>()

  of(name: string, value: number): number {
    const before = this.#before.get(name) ?? 0
    this.#before.set(name, value)
    return value < before ? value : value - before
  }
}
