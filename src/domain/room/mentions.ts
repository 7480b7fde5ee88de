/**
 * Who a text mentions (MSG-10): `@` and a member's display name or id, `@here` (who is online) and
 * `@channel` (everybody). Found here and not only by the client, so that none can be forgotten.
 */
import { MENTIONED_MAX_COUNT } from '../../protocol/limits.ts'
import type { Member } from '../../protocol/member.ts'

export type Mentioned = {
  /** Sorted, each once. A group does not reach its own speaker. */
  readonly user_ids: readonly string[]
  /** `@name`s that are nobody's, and a group that is too large: told to the sender. */
  readonly unknown: readonly string[]
}

/** Names by their first character in lower case, the longest first. */
export type MentionNames = ReadonlyMap<string, readonly MentionName[]>

type MentionName = { readonly name: string; readonly reaches: readonly string[] | Group }

type Group = 'here' | 'channel'

type Asked = {
  readonly content: string
  readonly sender_id: string
  /** Ids that the client listed. */
  readonly given: readonly string[]
  readonly names: MentionNames
  readonly members: ReadonlyMap<string, unknown>
  readonly online: ReadonlyMap<string, unknown>
}

/** So many of the names that are nobody's are told; more is no typing mistake. */
const unknownMaxCount = 20

const unknownNameMaxLength = 50

/** Made once for many messages, until a member comes or goes. */
export const mentionNames = (members: Iterable<Member>): MentionNames => {
  const reaches = new Map<string, string[] | Group>([
    ['here', 'here'],
    ['channel', 'channel'],
  ])
  const add = (name: string, user_id: string) => {
    const key = folded(name)
    const known = reaches.get(key)
    // Somebody who calls themselves "channel" does not become one.
    if (typeof known === 'string' || key === '') return
    if (known?.includes(user_id)) return
    reaches.set(key, [...(known ?? []), user_id])
  }
  for (const { user_id, display_name } of members) {
    add(display_name, user_id)
    add(user_id, user_id)
  }
  const names = [...reaches].map(([name, who]) => ({ name, reaches: who }))
  names.sort((one, other) => other.name.length - one.name.length)
  return Map.groupBy(names, ({ name }) => firstOf(name))
}

export const mentionedIn = (asked: Asked): Mentioned => {
  const { content, sender_id, given, members, online } = asked
  const user_ids = new Set(given)
  const unknown = new Set<string>()
  for (const at of mentionStarts(content)) {
    const found = nameAt(asked.names, content, at)
    if (found === undefined) {
      const name = wordAt(content, at)
      if (name !== '' && unknown.size < unknownMaxCount) unknown.add(`@${name}`)
      continue
    }
    const reached = reachedBy(found, { members, online, given, sender_id })
    if (user_ids.size + reached.length > MENTIONED_MAX_COUNT) unknown.add(`@${found.name}`)
    else for (const user_id of reached) user_ids.add(user_id)
  }
  return { user_ids: [...user_ids].toSorted(), unknown: [...unknown] }
}

/** Of several people with one name those that the client listed, if it listed any of them. */
const reachedBy = (
  { reaches }: MentionName,
  { members, online, given, sender_id }: Pick<Asked, 'members' | 'online' | 'given' | 'sender_id'>,
): readonly string[] => {
  if (reaches === 'channel') return [...members.keys()].filter((id) => id !== sender_id)
  if (reaches === 'here')
    return [...online.keys()].filter((id) => id !== sender_id && members.has(id))
  const meant = reaches.filter((user_id) => given.includes(user_id))
  return meant.length > 0 ? meant : reaches
}

/** Where a name may begin: after an `@` that is not in the middle of an address. */
function* mentionStarts(content: string): Generator<number> {
  for (let at = content.indexOf('@'); at !== -1; at = content.indexOf('@', at + 1))
    if (!/[\w.%+-]/.test(content[at - 1] ?? ' ')) yield at + 1
}

const nameAt = (names: MentionNames, content: string, at: number): MentionName | undefined => {
  const candidates = names.get(firstOf(folded(content.slice(at, at + 2)))) ?? []
  return candidates.find(({ name }) => {
    const said = content.slice(at, at + name.length)
    return folded(said) === name && !continuesWord(name, content.slice(at + name.length))
  })
}

/** `@Ann` is not in `@Annabel`; Chinese has no spaces, so there a name ends where it ends. */
const continuesWord = (name: string, after: string): boolean =>
  isAlphabetic(name.at(-1) ?? '') && isAlphabetic(after.charAt(0))

const isAlphabetic = (character: string): boolean =>
  /[\p{L}\p{N}_]/u.test(character) && !/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u.test(character)

/** A word after an `@` that nobody is called by; numbers are no names. */
const wordAt = (content: string, at: number): string =>
  /^\p{L}[\p{L}\p{N}_.-]*/u.exec(content.slice(at, at + unknownNameMaxLength))?.[0] ?? ''

/** Length-preserving for all but a few letters, for which the exact spelling is needed. */
const folded = (name: string): string => {
  const lower = name.toLowerCase()
  return lower.length === name.length ? lower : name
}

const firstOf = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0)
