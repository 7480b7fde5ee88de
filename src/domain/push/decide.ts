/** Who is told of what was said (WEB-5). Who looks at the room at this moment is asked after. */
import type { PushPayload } from '../../protocol/push.ts'
import type { Candidate, PushFacts, Said, Subscription } from './facts.ts'
import { payloadOf } from './payload.ts'
import { isQuiet } from './quiet-hours.ts'

/** One push to one browser. */
export type Delivery = {
  readonly user_id: string
  readonly subscription: Subscription
  readonly payload: PushPayload
}

export type Question = {
  readonly room_id: string
  readonly now: number
  /** Up to which message a browser has been told; undefined: nothing is due to it now. */
  readonly afterOf: (subscription_id: string) => number | undefined
}

export const deliveriesFor = (facts: PushFacts, question: Question): Delivery[] =>
  facts.people.flatMap((person) => {
    if (isQuiet(person.quiet_hours, question.now)) return []
    return person.subscriptions.flatMap((subscription) => {
      const after = question.afterOf(subscription.subscription_id)
      const told = after === undefined ? undefined : newsFor(facts, person, subscription, after)
      if (told === undefined) return []
      const { room_id } = question
      const payload = payloadOf({ room_id, room_title: facts.room_title }, told)
      return { user_id: person.user_id, subscription, payload }
    })
  })

type Told = {
  readonly said: Said
  readonly type: PushPayload['type']
  readonly count: number
}

/** The newest mention before the newest message: being asked for matters more. */
const newsFor = (
  { said }: PushFacts,
  person: Candidate,
  subscription: Subscription,
  after: number,
): Told | undefined => {
  const { user_id, level, read_sequence, mentioned_in } = person
  if (level === 'nothing') return undefined
  const from = Math.max(after, read_sequence)
  const unread = said.filter(
    (one) =>
      one.sequence_number > from && one.sender_id !== user_id && one.sent_at >= subscription.since,
  )
  const mentions = unread.filter(({ sequence_number }) => mentioned_in.includes(sequence_number))
  const mention = mentions.at(-1)
  if (mention) return { said: mention, type: 'mention', count: mentions.length }
  const newest = level === 'all' ? unread.at(-1) : undefined
  return newest && { said: newest, type: 'message', count: unread.length }
}
