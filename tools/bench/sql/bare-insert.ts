/**
 * The same rows in one insert of messages and one of revisions, and nothing else: no lock, no
 * numbering, no rights, no chain. What Postgres could do at best.
 */
import { uuidv7 } from 'uuidv7'
import { searchVectorOf } from '../../../src/domain/search/terms.ts'
import { contentOf } from '../load/dialect.ts'
import type { BenchRoom } from '../muster/members.ts'
import type { Queryable } from './five-statements.ts'

export class BareInsert {
  readonly #client: Queryable
  readonly #room: BenchRoom
  #number = 0

  /** @param room one that nobody else writes */
  constructor(client: Queryable, room: BenchRoom) {
    this.#client = client
    this.#room = room
  }

  async insert(count: number): Promise<void> {
    const items = Array.from({ length: count }, (_, index) => this.#item(index))
    await this.#client.query(
      `WITH given AS (
        SELECT * FROM json_to_recordset($2::json) AS x(message_id uuid, sender_id text,
          client_message_id text, content text, search text, sequence_number bigint)
      ), message AS (
        INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
            client_message_id, content, message_type, search, created_at)
          SELECT message_id, $1, sequence_number, sequence_number + 1, sender_id,
            client_message_id, content, 'text', search::tsvector, clock_timestamp() FROM given
      )
      INSERT INTO room_revisions
        SELECT $1, sequence_number + 1, 'message', message_id, message_id, sender_id, now(),
          jsonb_build_object('content', content, 'message_type', 'text'), '', '' FROM given`,
      [this.#room.room_id, JSON.stringify(items)],
    )
  }

  #item(index: number) {
    this.#number += 1
    const content = contentOf(this.#number)
    return {
      message_id: uuidv7(),
      sender_id: this.#room.members[index % this.#room.members.length] ?? '',
      client_message_id: `bench-${this.#number}`,
      content,
      search: searchVectorOf({ message_type: 'text', content, data: null }),
      sequence_number: this.#number,
    }
  }
}
