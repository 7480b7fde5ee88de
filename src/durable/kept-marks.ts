/** Read marks that wait under pressure (LIM-2), in the room's storage: an eviction loses none. */
import type { Marks } from '../domain/room/reading.ts'

const key = 'kept_marks'

export class KeptMarks {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  read(): Marks {
    return this.#storage.kv.get<Marks>(key) ?? []
  }

  /** Nobody waits for the disk. */
  keep(marks: Marks): void {
    if (marks.length > 0) void this.#storage.put(key, marks, { allowUnconfirmed: true })
    else void this.#storage.delete(key, { allowUnconfirmed: true })
  }
}
