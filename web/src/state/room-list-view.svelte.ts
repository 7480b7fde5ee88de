/** How this device looks at the list of rooms: which severities, which sections; survives a reload. */
import type { RoomStatus, Severity } from '../../../src/protocol/room.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'

const severities_key = 'muster.rooms.severities'
const sections_key = 'muster.rooms.sections'

export class RoomListView {
  readonly #store: KeyValueStore
  #severities: readonly Severity[] = $state.raw([])
  /** The sections that are folded out beside the active one, which always is. */
  #sections: readonly RoomStatus[] = $state.raw([])

  constructor(store: KeyValueStore) {
    this.#store = store
    const kept = (key: string) => (store.get(key) ?? '').split(',')
    const severities = kept(severities_key)
    this.#severities = (['critical', 'high', 'medium', 'low'] as const).filter((severity) =>
      severities.includes(severity),
    )
    const sections = kept(sections_key)
    this.#sections = (['resolved', 'archived'] as const).filter((status) =>
      sections.includes(status),
    )
  }

  /** Empty: all. */
  get severities(): readonly Severity[] {
    return this.#severities
  }

  isUnfolded(status: RoomStatus): boolean {
    return status === 'active' || this.#sections.includes(status)
  }

  toggleSeverity(severity: Severity): void {
    this.#severities = toggled(this.#severities, severity)
    this.#store.set(severities_key, this.#severities.join(','))
  }

  showAllSeverities(): void {
    this.#severities = []
    this.#store.remove(severities_key)
  }

  toggleSection(status: RoomStatus): void {
    this.#sections = toggled(this.#sections, status)
    this.#store.set(sections_key, this.#sections.join(','))
  }
}

const toggled = <T>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list.filter((other) => other !== item) : [...list, item]
