/**
 * What one shard of the pushes owes, by room: in memory, and in storage before anybody relies on
 * it, so that an eviction loses nothing.
 */
import { dueAt, type Errand } from '../domain/push/errand.ts'
import type { PushLimits } from '../domain/push/settings.ts'
import { log } from '../telemetry/log.ts'

const prefix = 'errand:'

export class Errands {
  readonly #storage: DurableObjectStorage
  readonly #limits: PushLimits
  readonly #byRoom: Map<string, Errand>

  constructor(storage: DurableObjectStorage, limits: PushLimits) {
    this.#storage = storage
    this.#limits = limits
    const stored = [...storage.kv.list<Errand>({ prefix })].map(([, errand]) => errand)
    this.#byRoom = new Map(stored.map((errand) => [errand.room_id, errand]))
  }

  of(room_id: string): Errand | undefined {
    return this.#byRoom.get(room_id)
  }

  dueRooms(now: number): string[] {
    return [...this.#byRoom.values()]
      .filter((errand) => dueAt(errand) <= now)
      .map(({ room_id }) => room_id)
  }

  /** The next moment at which one of the rooms for which nobody works has something due. */
  nextDue(isBusy: (room_id: string) => boolean): number | undefined {
    const due = [...this.#byRoom.values()].flatMap((errand) =>
      isBusy(errand.room_id) ? [] : dueAt(errand),
    )
    return due.length === 0 ? undefined : Math.min(...due)
  }

  keep(room_id: string, errand: Errand | undefined): void {
    this.#byRoom.delete(room_id)
    if (errand === undefined) {
      this.#storage.kv.delete(`${prefix}${room_id}`)
      return
    }
    // At the end: the first is the one that waits longest.
    this.#byRoom.set(room_id, errand)
    this.#storage.kv.put(`${prefix}${room_id}`, errand)
    const [oldest] = this.#byRoom.keys()
    if (this.#byRoom.size <= this.#limits.errands_max_count || oldest === undefined) return
    log.warn('push_errand_dropped', { room_id: oldest })
    this.keep(oldest, undefined)
  }
}
