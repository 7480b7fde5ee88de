/**
 * The limit that the database sets: `commit_room` or `commit_burst` called straight from Node as the
 * room's actor calls it, with the same items and nobody to tell. One call at a time, as one room
 * has it.
 */
import { uuidv7 } from 'uuidv7'
import type { Client } from '../../../src/database/client.ts'
import { commitBurst } from '../../../src/database/burst.ts'
import type { BurstRequest } from '../../../src/domain/room/commit.ts'
import { commitRoom } from '../../../src/database/commit.ts'
import { searchVectorOf } from '../../../src/domain/search/terms.ts'
import type { ItemResult, MessageItem } from '../../../src/domain/room/commit.ts'
import { contentOf } from '../load/dialect.ts'

export class CommitCaller {
  readonly #client: Client
  readonly #room_id: string
  readonly #members: string[]
  readonly #owner = uuidv7()
  #revision: number
  #isClaimed = false
  #number = 0

  /** @param room a room that nobody else writes, and the revision it stands at */
  constructor(client: Client, room: { room_id: string; members: string[]; revision: number }) {
    this.#client = client
    this.#room_id = room.room_id
    this.#members = room.members
    this.#revision = room.revision
  }

  /** One call with so many messages, each a transaction of its own. @throws Error when refused */
  commit(count: number): Promise<void> {
    return this.#write(count, (request) =>
      commitRoom(this.#client, { ...request, in_group: false }),
    )
  }

  /** One call with so many messages, all in one transaction. @throws Error when refused */
  burst(count: number): Promise<void> {
    return this.#write(count, (request) => commitBurst(this.#client, request))
  }

  async #write(
    count: number,
    write: (request: BurstRequest) => Promise<{ results: readonly ItemResult[] }>,
  ): Promise<void> {
    const { results } = await write({
      room_id: this.#room_id,
      owner: this.#owner,
      claim: !this.#isClaimed,
      expected_revision: this.#revision,
      items: Array.from({ length: count }, (_, index) => this.#item(index)),
    })
    const refused = results.find(({ status }) => status !== 'committed')
    if (refused !== undefined) throw new Error(`Not committed: ${JSON.stringify(refused)}`)
    this.#isClaimed = true
    this.#revision += count
  }

  #item(index: number): MessageItem {
    this.#number += 1
    const content = contentOf(this.#number)
    return {
      kind: 'message',
      change_id: uuidv7(),
      actor_id: this.#members[index % this.#members.length] ?? '',
      client_message_id: `bench-${this.#number}`,
      content,
      data: null,
      message_type: 'text',
      mentions: [],
      reply_to: null,
      file_id: null,
      search: searchVectorOf({ message_type: 'text', content, data: null }),
    }
  }
}
