/** All that one shard of the inbox asks of the database, and of rooms. Nothing here throws. */
import type { MarkResult } from '../domain/inbox/input.ts'
import type { InboxRows } from '../domain/inbox/rows.ts'
import type { Mark } from '../domain/inbox/state.ts'
import type { Env } from '../env.ts'
import { refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import { askDatabase } from './ask-database.ts'
import { roomStub } from './stubs.ts'

export class InboxDatabase {
  readonly #env: Env
  readonly #shard: number

  constructor(env: Env, shard: number) {
    this.#env = env
    this.#shard = shard
  }

  async readInboxes(user_ids: readonly string[]): Promise<InboxRows | undefined> {
    const read = await askDatabase(this.#env, this.#key, 'readInboxes', { user_ids })
    return read.ok ? read.value : undefined
  }

  async readParts(
    pairs: readonly (readonly [string, string])[],
  ): Promise<Pick<InboxRows, 'rooms' | 'parts'> | undefined> {
    const room_ids = pairs.map(([room_id]) => room_id)
    const user_ids = pairs.map(([, user_id]) => user_id)
    const args = { room_ids, user_ids }
    const read = await askDatabase(this.#env, this.#key, 'readInboxParts', args)
    return read.ok ? read.value : undefined
  }

  /** One call per room. */
  async moveMarks(marks: readonly Mark[]): Promise<MarkResult[]> {
    const byRoom = Map.groupBy(marks, ({ room_id }) => room_id)
    const results = await Promise.all(
      [...byRoom].map(([room_id, ofRoom]) => this.#moveMarks(room_id, ofRoom)),
    )
    return results.flat()
  }

  async #moveMarks(room_id: string, marks: readonly Mark[]): Promise<MarkResult[]> {
    const moved = await askDatabase(this.#env, room_id, 'moveReadMarks', {
      room_id,
      user_ids: marks.map(({ user_id }) => user_id),
      sequences: marks.map(({ sequence_number }) => sequence_number),
    })
    return marks.map((mark) => {
      if (!moved.ok) return { mark, moved: moved.refusal }
      const found = moved.value.find(({ user_id }) => user_id === mark.user_id)
      return { mark, moved: found ?? refusal('forbidden', 'you are not a member of this room') }
    })
  }

  /** @returns what the room's sockets have heard of; undefined where it did not answer */
  async watch(room_id: string): Promise<{ readonly revision: number | null } | undefined> {
    try {
      return { revision: await roomStub(this.#env, room_id).watch(this.#shard) }
    } catch {
      log.warn('room_not_watched', { room_id, shard: this.#shard })
      return undefined
    }
  }

  get #key(): string {
    return `inbox-${this.#shard}`
  }
}
