/**
 * What people of one room have yet to be told: a range of its messages, and the browsers that an
 * earlier attempt did not reach. An errand names messages and never holds their words: these are
 * read when a push is made, as they are then (MSG-8).
 */
import type { PushLimits } from './settings.ts'

/** Milliseconds since the epoch. */
type Instant = number

export type Errand = {
  readonly room_id: string
  /** Nobody was told of messages after this one … */
  readonly after: number
  /** … up to this one; the same where all that is left is who lags behind. */
  readonly upto: number
  readonly due_at: Instant
  readonly since: Instant
  /** The database did not answer, so often in a row. */
  readonly attempts: number
  /** By subscription_id. */
  readonly behind: Readonly<Record<string, Behind>>
}

/** A browser that its push service did not take a push for. */
export type Behind = {
  readonly after: number
  readonly attempts: number
  readonly since: Instant
  readonly due_at: Instant
}

/** What a room tells: messages after one up to another were said. */
export type RoomSaid = {
  readonly room_id: string
  readonly after: number
  readonly upto: number
}

export const heard = (known: Errand | undefined, said: RoomSaid, now: Instant): Errand => {
  const { room_id, after, upto } = said
  const fresh = { room_id, after, upto, due_at: now, since: now, attempts: 0, behind: {} }
  if (!known) return fresh
  return hasFresh(known)
    ? { ...known, after: Math.min(known.after, after), upto: Math.max(known.upto, upto) }
    : {
        ...fresh,
        after: Math.max(known.upto, after),
        upto: Math.max(known.upto, upto),
        behind: known.behind,
      }
}

/** Nobody has been told of some of it. */
export const hasFresh = ({ after, upto }: Errand): boolean => after < upto

/** When there is something to do. */
export const dueAt = (errand: Errand): Instant =>
  Math.min(
    hasFresh(errand) ? errand.due_at : Infinity,
    ...Object.values(errand.behind).map(({ due_at }) => due_at),
  )

/** Up to which message a browser has been told; undefined: nothing is due to it now. */
export const afterOf = (
  errand: Errand,
  subscription_id: string,
  now: Instant,
): number | undefined => {
  const behind = errand.behind[subscription_id]
  if (behind) return behind.due_at <= now ? behind.after : undefined
  return isFreshDue(errand, now) ? errand.after : undefined
}

const isFreshDue = (errand: Errand, now: Instant): boolean =>
  hasFresh(errand) && errand.due_at <= now

/** The messages to look at now; undefined: none. */
export const rangeOf = (
  errand: Errand,
  now: Instant,
): { readonly after: number; readonly upto: number } | undefined => {
  const due = Object.values(errand.behind).filter(({ due_at }) => due_at <= now)
  const after = Math.min(
    isFreshDue(errand, now) ? errand.after : Infinity,
    ...due.map((behind) => behind.after),
  )
  return after < errand.upto ? { after, upto: errand.upto } : undefined
}

/** The database could not be asked. Undefined: it is too late for it. */
export const postponed = (
  errand: Errand,
  now: Instant,
  chance: number,
  limits: PushLimits,
): Errand | undefined => {
  if (now - errand.since > limits.age_max_ms) return undefined
  const due_at = now + pauseMs(errand.attempts, chance, limits)
  const later = Object.entries(errand.behind).map(([id, behind]) => [
    id,
    { ...behind, due_at: Math.max(behind.due_at, due_at) },
  ])
  const behind = Object.fromEntries(later) as Errand['behind']
  return { ...errand, due_at, attempts: errand.attempts + 1, behind }
}

export type Attempt = {
  /** As it was when the attempt began; more may have been heard since. */
  readonly began_at: Instant
  readonly upto: number
  readonly now: Instant
  /** In [0, 1); spreads the retries. */
  readonly chance: number
  /** The browsers that were not reached, and how long their push service wants to be left alone. */
  readonly failed: ReadonlyMap<string, { readonly retry_after_ms: number | undefined }>
}

export type Settled = {
  /** Undefined: nothing is owed any more. */
  readonly errand: Errand | undefined
  readonly given_up: number
}

export const settled = (errand: Errand, attempt: Attempt, limits: PushLimits): Settled => {
  const { began_at, upto, now, chance, failed } = attempt
  const behind: Record<string, Behind> = {}
  for (const [id, one] of Object.entries(errand.behind)) if (one.due_at > began_at) behind[id] = one
  let given_up = 0
  for (const [id, { retry_after_ms = 0 }] of failed) {
    const before = errand.behind[id]
    const { attempts, since } = before ?? { attempts: 0, since: errand.since }
    const due_at = now + Math.max(retry_after_ms, pauseMs(attempts, chance, limits))
    const isOver =
      attempts + 1 >= limits.attempts_max_count ||
      due_at - since > limits.age_max_ms ||
      Object.keys(behind).length >= limits.behind_max_count
    if (isOver) given_up += 1
    else
      behind[id] = { after: before?.after ?? errand.after, attempts: attempts + 1, since, due_at }
  }
  // What was heard meanwhile is due by itself.
  const rest = { ...errand, after: Math.max(errand.after, upto), attempts: 0, behind }
  const isDone = !hasFresh(rest) && Object.keys(behind).length === 0
  return { errand: isDone ? undefined : rest, given_up }
}

const pauseMs = (attempts: number, chance: number, limits: PushLimits): number =>
  Math.min(limits.retry_max_ms, limits.retry_min_ms * 2 ** attempts) * (0.75 + chance / 2)
