/** Writes a demo room through the procedures `create_room` and `commit_room`. */
import type { Client } from 'pg'
import { uuidv7 } from 'uuidv7'
import type { CommitItem, ItemResult } from '../../src/domain/room/commit.ts'
import { searchVectorOf } from '../../src/domain/search/terms.ts'
import { demoPeople } from './people.ts'
import type { DemoRoom, Line } from './story.ts'

/** When each change happened in the story: milliseconds since the epoch, by change id. */
export type Instants = ReadonlyMap<string, number>

/** Said a moment after the change itself. */
const systemMessageDelayMs = 5

/** Inside a transaction. @throws Error when a line is refused */
export async function writeRoom(client: Client, room: DemoRoom): Promise<Instants> {
  const { room_id, owner, details, opened_at, lines } = room
  const instants = new Map([[room_id, opened_at]])
  const said: string[] = []
  let at = opened_at
  const items = lines.map((line) => {
    at += line.after_s * 1_000
    const item = itemOf(line, said)
    instants.set(item.change_id, at)
    if (item.kind === 'message') said.push(item.change_id)
    else if ('message_id' in item) {
      instants.set(item.message_id, at + systemMessageDelayMs)
      if (item.kind === 'room_updated' && item.changes.status !== undefined)
        said.push(item.message_id)
    }
    return item
  })
  await client.query('SELECT create_room($1, $2, $3)', [
    room_id,
    owner.user_id,
    JSON.stringify(details),
  ])
  const { rows } = await client.query<{ outcome: { results: ItemResult[] } }>(
    'CALL commit_room($1, NULL, false, NULL, $2, true, NULL)',
    [room_id, JSON.stringify(items)],
  )
  const results = rows[0]?.outcome.results ?? []
  const failed = results.findIndex(({ status }) => status !== 'committed' && status !== 'changed')
  if (failed !== -1)
    throw new Error(
      `line ${failed} of "${details.title}" was not written: ${JSON.stringify(results[failed])}`,
    )
  return instants
}

/** @param said ids of the messages so far, for replies */
function itemOf(line: Line, said: readonly string[]): CommitItem {
  const by = { change_id: uuidv7(), actor_id: line.by.user_id }
  const message_id = uuidv7()
  switch (line.kind) {
    case 'say':
      return {
        ...by,
        kind: 'message',
        client_message_id: by.change_id,
        content: line.text,
        data: null,
        message_type: 'text',
        mentions: mentionedIn(line.text),
        reply_to: line.reply_back === undefined ? null : (said.at(-line.reply_back) ?? null),
        file_id: null,
        search: searchVectorOf({ message_type: 'text', content: line.text, data: null }),
      }
    case 'change':
      return { ...by, kind: 'room_updated', message_id, changes: line.changes }
    case 'add':
      return {
        ...by,
        kind: 'member_added',
        message_id,
        user_id: line.person.user_id,
        role: line.role,
      }
    case 'role':
      return {
        ...by,
        kind: 'member_role_changed',
        message_id,
        user_id: line.person.user_id,
        role: line.role,
      }
    case 'remove':
      return { ...by, kind: 'member_removed', message_id, user_id: line.person.user_id }
  }
}

function mentionedIn(text: string): string[] {
  return demoPeople.flatMap(({ user_id, display_name }) =>
    text.includes(`@${display_name}`) ? [user_id] : [],
  )
}
