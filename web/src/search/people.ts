/** People the page has seen: whom one can choose as the sender where no list of members is at hand. */
import type { Room } from '../../../src/protocol/room.ts'
import type { SearchResult } from '../../../src/protocol/search.ts'

export type KnownPerson = { readonly user_id: string; readonly display_name: string }

/** By name, each once. */
export const peopleKnownFrom = (
  rooms: readonly Room[],
  results: readonly SearchResult[],
): readonly KnownPerson[] => {
  const names = new Map<string, string>()
  for (const { last_message } of rooms)
    if (last_message) names.set(last_message.sender_id, last_message.sender_display_name)
  for (const { message } of results) names.set(message.sender_id, message.sender_display_name)
  return [...names]
    .map(([user_id, display_name]) => ({ user_id, display_name }))
    .toSorted((a, b) => a.display_name.localeCompare(b.display_name))
}
