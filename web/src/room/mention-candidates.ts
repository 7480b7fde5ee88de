/** Whom one can mention by what is written so far: members, and the room as a whole (WEB-4). */
import type { Member } from '../../../src/protocol/member.ts'

export type MentionGroup = 'here' | 'channel'

export type MentionCandidate =
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'group'; readonly group: MentionGroup }

/** The list scrolls; more than this nobody reads, one more letter is faster. */
export const CANDIDATES_MAX_COUNT = 40

/** What people of other tools, and in Chinese, write for the same. */
const groups: readonly (readonly [MentionGroup, readonly string[]])[] = [
  ['channel', ['channel', 'all', 'everyone', 'room', '所有人', '全部', '全員', '大家']],
  ['here', ['here', 'online', '在線', '在場']],
]

export type CandidatesInput = {
  readonly query: string
  readonly members: readonly Member[]
  readonly own_user_id: string
  /** Who can be reached at once comes first among equals. */
  readonly online: ReadonlySet<string>
}

export const mentionCandidates = (input: CandidatesInput): readonly MentionCandidate[] => {
  const { members, own_user_id, online } = input
  const query = folded(input.query)
  const people = members
    .filter(({ user_id }) => user_id !== own_user_id)
    .map((member) => ({
      member,
      rank: rankOf(member, query),
      away: online.has(member.user_id) ? 0 : 1,
    }))
    .filter(({ rank }) => rank < no_match)
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        a.away - b.away ||
        a.member.display_name.localeCompare(b.member.display_name) ||
        a.member.user_id.localeCompare(b.member.user_id),
    )
    .slice(0, CANDIDATES_MAX_COUNT)
    .map(({ member }): MentionCandidate => ({ kind: 'member', member }))
  const whole = groups
    .filter(([, names]) => names.some((name) => name.startsWith(query)))
    .map(([group]): MentionCandidate => ({ kind: 'group', group }))
  return [...people, ...whole]
}

/** Whether the name alone does not say who is meant: somebody else, or a group, has it too. */
export const isAmbiguous = (member: Member, members: readonly Member[]): boolean => {
  const name = folded(member.display_name)
  return (
    name === '' ||
    groups.some(([group]) => group === name) ||
    members.some((other) => other.user_id !== member.user_id && folded(other.display_name) === name)
  )
}

const no_match = 9

/** The better the match, the smaller. */
const rankOf = ({ display_name, user_id }: Member, query: string): number => {
  const name = folded(display_name)
  if (name.startsWith(query)) return 0
  if (name.split(/[\s()（）·・.-]+/u).some((word) => word.startsWith(query))) return 1
  if (user_id.startsWith(query)) return 2
  // One letter is in almost every name.
  return query.length > 1 || !isAscii(query) ? (name.includes(query) ? 3 : no_match) : no_match
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text)
