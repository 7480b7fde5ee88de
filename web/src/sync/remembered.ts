/**
 * One value of the server's that this device keeps for when there is no network. It is this
 * person's, so it goes when they sign out.
 */
import type { KeyValueStore } from './key-value-store.ts'

export class Remembered<Value> {
  readonly #store: KeyValueStore
  readonly #key: string

  constructor(store: KeyValueStore, key: string) {
    this.#store = store
    this.#key = key
  }

  get(): Value | undefined {
    try {
      return JSON.parse(this.#store.get(this.#key) ?? '') as Value
    } catch {
      return undefined
    }
  }

  set(value: Value): void {
    this.#store.set(this.#key, JSON.stringify(value))
  }

  forget(): void {
    this.#store.remove(this.#key)
  }
}
