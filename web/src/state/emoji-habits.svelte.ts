/** The emojis this person uses on this device, and the skin tone they prefer. */
import { createContext } from 'svelte'
import { atHand, parseUses, withUse, type EmojiUses } from '../emoji/frequent-emojis.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'

const uses_key = 'muster.emojis'
const tone_key = 'muster.skin_tone'

export class EmojiHabits {
  readonly #store: KeyValueStore
  #uses: EmojiUses = $state.raw([])
  #tone = $state(0)

  constructor(store: KeyValueStore) {
    this.#store = store
    this.#uses = parseUses(store.get(uses_key))
    const tone = Number(store.get(tone_key))
    if (Number.isInteger(tone) && tone >= 0 && tone <= 5) this.#tone = tone
  }

  /** Used ones, then common ones. */
  atHand(count: number): readonly string[] {
    return atHand(this.#uses, count)
  }

  /** 1 to 5 from light to dark; 0 for none. */
  get tone(): number {
    return this.#tone
  }

  set tone(tone: number) {
    this.#tone = tone
    this.#store.set(tone_key, String(tone))
  }

  use(emoji: string): void {
    // Another tab may have used some since.
    this.#uses = withUse(parseUses(this.#store.get(uses_key)), emoji)
    this.#store.set(uses_key, JSON.stringify(this.#uses))
  }
}

export const [getEmojiHabits, setEmojiHabits] = createContext<EmojiHabits>()
