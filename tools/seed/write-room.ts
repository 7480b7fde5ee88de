/** Writes a demo room through the procedures `create_room` and `commit_room`. */
import type { Client } from 'pg'
import { uuidv7 } from 'uuidv7'
import type { CommitItem, ItemResult, MessageItem } from '../../src/domain/room/commit.ts'
import { defaultRoomSettings } from '../../src/domain/room/settings.ts'
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
    const item = itemOf(line, { said, instants })
    instants.set(item.change_id, at)
    if (item.kind === 'message') said.push(item.change_id)
    else if (!said.includes(item.message_id)) {
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

type SoFar = {
  /** Ids of the messages so far, for what refers to them. */
  readonly said: readonly string[]
  readonly instants: Instants
}

function itemOf(line: Line, { said, instants }: SoFar): CommitItem {
  const by = { change_id: uuidv7(), actor_id: line.by.user_id }
  switch (line.kind) {
    case 'say': {
      const reply_to = line.reply_back === undefined ? null : idBefore(said, line.reply_back)
      return messageItemOf(by, { content: line.text, reply_to })
    }
    case 'data':
      return messageItemOf(by, { content: '', data: line.data, message_type: 'incident_data' })
    case 'edit':
      return {
        ...by,
        kind: 'message_edited',
        message_id: idBefore(said, line.back),
        content: line.text,
        mentions: mentionedIn(line.text),
        search: searchVectorOf({ message_type: 'text', content: line.text, data: null }),
        window_ms: defaultRoomSettings.edit_window_ms,
      }
    case 'delete':
      return { ...by, kind: 'message_deleted', message_id: idBefore(said, line.back) }
    case 'react':
      return {
        ...by,
        kind: 'reaction_added',
        message_id: idBefore(said, line.back),
        emoji: line.emoji,
      }
    case 'pin': {
      const message_id = idBefore(said, line.back)
      const event_at = new Date(instants.get(message_id) ?? 0).toISOString()
      return { ...by, kind: 'message_pinned', message_id, event_at }
    }
    default:
      return roomChangeOf(line, { ...by, message_id: uuidv7() })
  }
}

type By = { readonly change_id: string; readonly actor_id: string }

function messageItemOf(by: By, said: Partial<MessageItem> & { readonly content: string }) {
  const { message_type = 'text', data = null, content } = said
  return {
    ...by,
    kind: 'message',
    client_message_id: by.change_id,
    content,
    data,
    message_type,
    mentions: mentionedIn(content),
    reply_to: said.reply_to ?? null,
    file_id: null,
    search: searchVectorOf({ message_type, content, data }),
  } as const
}

type RoomLine = Extract<Line, { readonly kind: 'change' | 'add' | 'role' | 'remove' }>

function roomChangeOf(line: RoomLine, by: By & { readonly message_id: string }): CommitItem {
  switch (line.kind) {
    case 'change':
      return { ...by, kind: 'room_updated', changes: line.changes }
    case 'add':
      return { ...by, kind: 'member_added', user_id: line.person.user_id, role: line.role }
    case 'role':
      return { ...by, kind: 'member_role_changed', user_id: line.person.user_id, role: line.role }
    case 'remove':
      return { ...by, kind: 'member_removed', user_id: line.person.user_id }
  }
}

/** @throws Error where so much was not said yet */
function idBefore(said: readonly string[], back: number): string {
  const id = said.at(-back)
  if (id === undefined) throw new Error(`nothing was said ${back} messages before`)
  return id
}

function mentionedIn(text: string): string[] {
  return demoPeople.flatMap(({ user_id, display_name }) =>
    text.includes(`@${display_name}`) ? [user_id] : [],
  )
}
