/** What the room adds to an item before it is written: who its text mentions, and its lexemes. */
import type { CommitItem } from './commit.ts'
import { mentionedIn, mentionNames } from './mentions.ts'
import type { KnownRecord, RoomState } from './state.ts'

type Prepared = { readonly item: CommitItem; readonly unknown_mentions: readonly string[] }

export const prepare = (state: RoomState, record: KnownRecord, item: CommitItem): Prepared => {
  if (item.kind !== 'message' && item.kind !== 'message_edited') return asIs(item)
  const { content, mentions: given } = item
  if (!content.includes('@')) return asIs(item)
  record.names ??= mentionNames(record.members.values())
  const { user_ids, unknown } = mentionedIn({
    content,
    sender_id: item.actor_id,
    given,
    names: record.names,
    members: record.members,
    online: state.people,
  })
  return { item: { ...item, mentions: user_ids }, unknown_mentions: unknown }
}

const asIs = (item: CommitItem): Prepared => ({ item, unknown_mentions: [] })
