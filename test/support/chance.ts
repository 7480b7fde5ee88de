/**
 * Chance that can be had again: a test draws from a seed, prints it, and takes another one from
 * TEST_SEED.
 */

export type Chance = {
  readonly seed: number
  /** In [0, 1). */
  next(): number
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  /** A chance of its own for each part of a test, so that their timing does not mix them. */
  fork(name: string): Chance
}

/** Prints the seed, because the next run will have another one. */
export function chanceOf(test: string): Chance {
  const given = process.env['TEST_SEED']
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given)
  console.log(`${test}: TEST_SEED=${seed}`)
  return chanceFrom(seed)
}

/** mulberry32: small, fast, and good enough to choose faults with. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    seed,
    next,
    below: (limit) => Math.floor(next() * limit),
    fork: (name) => chanceFrom(seed ^ hash(name)),
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
