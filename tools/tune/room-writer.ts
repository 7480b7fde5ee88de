/** Writes to one room as its actor does: one commit call at a time, by the same procedure. */
import { uuidv7 } from 'uuidv7'
import type { Client } from '../../src/database/client.ts'
import { commitRoom } from '../../src/database/commit.ts'
import type { MessageItem } from '../../src/domain/room/commit.ts'
import { searchVectorOf } from '../../src/domain/search/terms.ts'

type Room = { readonly room_id: string; readonly user_id: string; readonly revision: number }

const content = 'Press 4 pressure at 7.2 bar, valve B closed, waiting for the line engineer.'

export class RoomWriter {
  readonly #room_id: string
  readonly #user_id: string
  readonly #owner = uuidv7()
  #revision: number
  #isClaimed = false

  constructor({ room_id, user_id, revision }: Room) {
    this.#room_id = room_id
    this.#user_id = user_id
    this.#revision = revision
  }

  /** @returns how many of so many messages were committed */
  async write(client: Client, count: number): Promise<number> {
    const { results, changes } = await commitRoom(client, {
      ...{ room_id: this.#room_id, owner: this.#owner, claim: !this.#isClaimed, in_group: false },
      expected_revision: this.#revision,
      items: Array.from({ length: count }, () => this.#item()),
    })
    const committed = results.filter((result) => result.status === 'committed')
    if (committed.length > 0) this.#isClaimed = true
    // What an earlier call wrote though its answer was lost comes along with this one.
    for (const { revision } of [...committed, ...changes])
      this.#revision = Math.max(this.#revision, revision)
    return committed.length
  }

  #item(): MessageItem {
    const id = uuidv7()
    return {
      ...{ kind: 'message', change_id: id, actor_id: this.#user_id, client_message_id: id },
      ...{ content, data: null, message_type: 'text', mentions: [], reply_to: null, file_id: null },
      search: searchVectorOf({ message_type: 'text', content, data: null }),
    }
  }
}
