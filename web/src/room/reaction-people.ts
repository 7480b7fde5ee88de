/** Who reacted, as people say it: oneself first, the rest by name or by number. Pure. */
import type { Reaction } from '../../../src/protocol/message.ts'
import type { Dictionary } from '../i18n/en.ts'

export type ReactionPeopleInput = {
  readonly reaction: Reaction
  readonly own_user_id: string
  readonly nameOf: (user_id: string) => string
  readonly named_max_count: number
  readonly t: Dictionary
  readonly language: string
}

export const reactionPeople = (input: ReactionPeopleInput): string => {
  const { reaction, own_user_id, nameOf, named_max_count, t, language } = input
  const others = reaction.user_ids.filter((user_id) => user_id !== own_user_id)
  const own = others.length < reaction.user_ids.length ? [t.message.you] : []
  const named = [...own, ...others.map(nameOf)]
  // One more name is as short as "1 other".
  const shown = named.length <= named_max_count + 1 ? named : named.slice(0, named_max_count)
  const rest_count = reaction.count - shown.length
  const people = rest_count > 0 ? [...shown, t.message.others(rest_count)] : shown
  return new Intl.ListFormat(language).format(people)
}
