/**
 * A writer that bypasses the room's actor: straight into Postgres, through the same procedure,
 * owning nothing and expecting nothing. Its history is a client's that never listens.
 */
import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import type { ItemResult } from '../../src/domain/room/commit.ts'
import type { ClientHistory } from './history.ts'

export class DirectWriter {
  readonly history: ClientHistory
  readonly #pool: Pool
  readonly #room_id: string

  constructor(pool: Pool, { room_id, user_id }: { room_id: string; user_id: string }) {
    this.#pool = pool
    this.#room_id = room_id
    this.history = { name: `direct ${user_id}`, user_id, events: [], stayed: false }
  }

  /** One call, one transaction per message. @throws Error when one of them is not committed. */
  async write(contents: readonly string[]): Promise<void> {
    const items = contents.map((content) => this.#item(content))
    const { rows } = await this.#pool.query<{ outcome: { results: ItemResult[] } }>(
      'CALL commit_room($1, NULL, false, NULL, $2, false, NULL)',
      [this.#room_id, JSON.stringify(items)],
    )
    const results = rows[0]?.outcome.results ?? []
    for (const [index, item] of items.entries()) {
      const result = results[index]
      if (result?.status !== 'committed')
        throw new Error(`a direct write ended as ${JSON.stringify(result)}`)
      const { sequence_number, revision, created_at } = result
      const { change_id: message_id, client_message_id } = item
      const numbers = { message_id, sequence_number, revision, created_at }
      this.history.events.push({
        type: 'received',
        connection: 1,
        frame: { type: 'ack', client_message_id, ...numbers },
      })
    }
  }

  #item(content: string) {
    const change_id = randomUUID()
    const client_message_id = change_id
    this.history.events.push({ type: 'sent', connection: 1, client_message_id, content })
    return {
      kind: 'message',
      change_id,
      actor_id: this.history.user_id,
      client_message_id,
      content,
      data: null,
      message_type: 'text',
      mentions: [],
      reply_to: null,
    }
  }
}
