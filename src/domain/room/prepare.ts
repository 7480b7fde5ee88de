/** What the room adds to an item before it is written: who its text mentions, and its lexemes. */
import { searchVectorOf } from '../search/terms.ts'
import type { CommitItem } from './commit.ts'
import { mentionedIn, mentionNames } from './mentions.ts'
import type { KnownRecord, RoomState } from './state.ts'

type Prepared = { readonly item: CommitItem; readonly unknown_mentions: readonly string[] }

export const prepare = (state: RoomState, record: KnownRecord, item: CommitItem): Prepared => {
  if (item.kind !== 'message' && item.kind !== 'message_edited')
    return { item, unknown_mentions: [] }
  const { content } = item
  const said = item.kind === 'message' ? item : ({ message_type: 'text', data: null } as const)
  const search = searchVectorOf({ ...said, content })
  // Most texts mention nobody, and need no names.
  if (!content.includes('@')) return { item: { ...item, search }, unknown_mentions: [] }
  record.names ??= mentionNames(record.members.values())
  const { user_ids, unknown } = mentionedIn({
    content,
    sender_id: item.actor_id,
    given: item.mentions,
    names: record.names,
    members: record.members,
    online: state.people,
  })
  return { item: { ...item, search, mentions: user_ids }, unknown_mentions: unknown }
}
