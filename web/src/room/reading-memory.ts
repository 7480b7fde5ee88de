/** Which fields this person last sent in a room: most readings are taken again and again. */
import type { KeyValueStore } from '../sync/key-value-store.ts'
import { reading_kinds, type KnownField } from './reading-fields.ts'

export class ReadingMemory {
  readonly #store: KeyValueStore
  readonly #key: string

  constructor(store: KeyValueStore, user_id: string, room_id: string) {
    this.#store = store
    this.#key = `muster.readings.${user_id}.${room_id}`
  }

  recall(): readonly KnownField[] {
    try {
      const read: unknown = JSON.parse(this.#store.get(this.#key) ?? '[]')
      return Array.isArray(read) ? read.filter(isKnownField) : []
    } catch {
      return []
    }
  }

  keep(fields: readonly KnownField[]): void {
    const known = fields.map(({ name, kind }) => ({ name, kind }))
    this.#store.set(this.#key, JSON.stringify(known))
  }
}

const isKnownField = (value: unknown): value is KnownField => {
  if (typeof value !== 'object' || value === null) return false
  const { name, kind } = value as Partial<Record<keyof KnownField, unknown>>
  return typeof name === 'string' && reading_kinds.some((known) => known === kind)
}
