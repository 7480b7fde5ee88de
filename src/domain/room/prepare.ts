/** What the room adds to an item before it is written: who its text mentions, and its lexemes. */
import { searchVectorOf } from '../search/terms.ts'
import type { CommitItem } from './commit.ts'
import { mentionedIn, mentionNames } from './mentions.ts'
import type { Input } from './input.ts'
import type { KnownRecord } from './state.ts'
import type { Turn } from './turn.ts'

type Prepared = { readonly item: CommitItem; readonly unknown_mentions: readonly string[] }

export const prepare = (turn: Turn, record: KnownRecord, item: CommitItem): Prepared => {
  if (item.kind !== 'message' && item.kind !== 'message_edited')
    return { item, unknown_mentions: [] }
  const { content } = item
  const said = item.kind === 'message' ? item : ({ message_type: 'text', data: null } as const)
  const search = searchVectorOf({ ...said, content })
  // Most texts mention nobody, and need no names.
  if (!content.includes('@')) return { item: { ...item, search }, unknown_mentions: [] }
  refreshNames(turn, record)
  record.names ??= mentionNames(record.members.values())
  const { user_ids, unknown } = mentionedIn({
    content,
    sender_id: item.actor_id,
    given: item.mentions,
    names: record.names,
    members: record.members,
    online: turn.state.people,
  })
  return { item: { ...item, search, mentions: user_ids }, unknown_mentions: unknown }
}

/** People change their names now and then. No message waits for it: the next ones know. */
const refreshNames = ({ state, now, effects }: Turn, record: KnownRecord): void => {
  if (now - record.names_read_at < state.settings.names_ttl_ms) return
  record.names_read_at = now
  effects.push({ type: 'read_names' })
}

/** Names alone: who is a member and what they may do is for the revisions to say. */
export const namesRead = (record: KnownRecord, { names }: Input & { type: 'names_read' }): void => {
  for (const [user_id, display_name] of names ?? []) {
    const member = record.members.get(user_id)
    if (member) record.members.set(user_id, { ...member, display_name })
  }
  record.names = undefined
}
