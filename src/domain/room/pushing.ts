/**
 * Tells the pushes that something was said (WEB-5): the first at once, then at most once per
 * window; mentions once a second. A telling names a range of messages and nobody's words, and
 * costs the room nothing that grows with its members: who is told is found out elsewhere, after
 * the broadcast, and nothing waits for it (LIM-3). Where nobody wants to hear, nothing is told.
 */
import type { Change } from '../../protocol/change.ts'
import type { NotificationLevel } from '../../protocol/notification.ts'
import type { Instant, RoomState } from './state.ts'
import type { Turn } from './turn.ts'

export type Pushing = {
  /** Since the last telling; undefined: nothing that anybody wants. */
  said: Said | undefined
  /** The next telling is not earlier, of a mention and of anything. */
  mention_at: Instant
  message_at: Instant
  isTelling: boolean
  /** The most that anybody wants to hear, as it was at the last telling. */
  wanted: { readonly level: NotificationLevel; readonly until: Instant }
}

type Said = {
  readonly after: number
  readonly upto: number
  readonly hasMention: boolean
  /** Tellings that failed. */
  readonly attempts: number
}

export const pushingFrom = (now: Instant): Pushing => ({
  said: undefined,
  mention_at: now,
  message_at: now,
  isTelling: false,
  wanted: anything,
})

const anything: Pushing['wanted'] = { level: 'all', until: Infinity }

/** Notes a change that the room's sockets are being told. */
export const notePush = ({ state, now }: Turn, change: Change): void => {
  const { pushing, settings } = state
  if (!settings.has_push) return
  // Whoever comes may want what nobody here wanted.
  if (change.type === 'system' && change.event === 'member_added') pushing.wanted = anything
  if (change.type !== 'message' || change.message.message_type === 'system') return
  const { sequence_number, sender_id, mentions } = change.message
  const hasMention = mentions.some((user_id) => user_id !== sender_id)
  const level = pushing.wanted.until > now ? pushing.wanted.level : 'all'
  if (level === 'nothing' || (level === 'mentions' && !hasMention)) return
  note(pushing, { after: sequence_number - 1, upto: sequence_number, hasMention, attempts: 0 })
}

const note = (pushing: Pushing, { after, upto, hasMention, attempts }: Said): void => {
  const { said } = pushing
  pushing.said = said
    ? {
        after: Math.min(said.after, after),
        upto: Math.max(said.upto, upto),
        hasMention: said.hasMention || hasMention,
        attempts: Math.max(said.attempts, attempts),
      }
    : { after, upto, hasMention, attempts }
}

/** At the end of each turn. One telling at a time: a slow answer gathers more. */
export const tellPushes = ({ state, now, effects }: Turn): void => {
  const { pushing, settings } = state
  const { said } = pushing
  if (!said || pushing.isTelling || dueAt(pushing, said) > now) return
  pushing.said = undefined
  pushing.isTelling = true
  pushing.mention_at = now + settings.push_mention_pause_ms
  pushing.message_at = now + settings.push_window_ms
  effects.push({ type: 'tell_pushes', ...said })
}

/** What became of a telling. */
export const pushesTold = ({ state, now }: Turn, { said, outcome }: PushesTold): void => {
  const { pushing, settings } = state
  pushing.isTelling = false
  if (outcome.ok) {
    const { level } = outcome
    if (level) pushing.wanted = { level, until: now + settings.push_interest_ms }
    return
  }
  const attempts = said.attempts + 1
  if (attempts < settings.push_attempts_max_count) note(pushing, { ...said, attempts })
}

export type PushesTold = {
  readonly said: Said
  readonly outcome:
    | { readonly ok: false }
    /** The most that anybody wants to hear; undefined: not known now. */
    | { readonly ok: true; readonly level: NotificationLevel | undefined }
}

/** Somebody wants to hear from now on what nobody wanted. */
export const pushWanted = ({ state, now }: Turn): void => {
  state.pushing.wanted = anything
  // Whoever tries it out expects to be told of the very next message.
  state.pushing.message_at = now
}

export const pushesDue = ({ pushing }: RoomState): Instant | undefined =>
  pushing.said && !pushing.isTelling ? dueAt(pushing, pushing.said) : undefined

const dueAt = ({ mention_at, message_at }: Pushing, { hasMention }: Said): Instant =>
  hasMention ? mention_at : message_at

/** Of these people, who has the room before their eyes: they need no push. */
export const lookingAmong = (state: RoomState, user_ids: readonly string[]): string[] =>
  user_ids.filter((user_id) =>
    [...(state.people.get(user_id) ?? [])].some((id) => state.sockets.get(id)?.state === 'active'),
  )

export type TellPushes = { readonly type: 'tell_pushes' } & Said
