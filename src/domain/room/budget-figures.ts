/** What the room knows of people's budgets, and how they stand as far as it knows (LIM-1). */
import type { BudgetFigures } from '../limits/lease.ts'
import type { Instant, Pending, RoomState } from './state.ts'

/** Memory only: a room that wakes asks anew, and what it held is void within seconds. */
export type Budgets = {
  readonly people: Map<string, Budget>
  waiting_count: number
  waiting_bytes: number
  swept_at: Instant
}

/** What the room may write for one person, over all of their sockets here. */
export type Budget = {
  /** The oldest first. */
  readonly held: Held[]
  /** Waits for a lease, in order. */
  readonly waiting: Waiting[]
  /** One question at a time. */
  is_asked: boolean
  asked_at: Instant
  /** Paid since then: how fast they write. */
  paid_count: number
  /** There was little to spare: not asked ahead of need before this. */
  ahead_at: Instant
  /** It said no: refused without asking until then. */
  refused_until: Instant
  retry_at: Instant
  limit: number
  remaining: number
  reset_at: Instant
}

export type Held = { left: number; readonly expires_at: Instant }

export type Waiting = Pick<Pending, 'item' | 'origin' | 'bytes' | 'received_at'>

export const noBudgets = (): Budgets => ({
  people: new Map(),
  waiting_count: 0,
  waiting_bytes: 0,
  swept_at: 0,
})

/** For the headers of an answer; undefined where the limiter never said. */
export const figuresOf = (
  { budgets }: RoomState,
  user_id: string,
  now: Instant,
): BudgetFigures | undefined => {
  const budget = budgets.people.get(user_id)
  if (!budget || budget.limit === 0) return undefined
  const { limit, remaining, reset_at } = budget
  const reset_ms = Math.max(0, reset_at - now)
  return { limit, remaining: remaining + leftOf(budget, now), reset_ms }
}

export const leftOf = ({ held }: Budget, now: Instant): number =>
  held.reduce((sum, { left, expires_at }) => (expires_at > now ? sum + left : sum), 0)

/** Everything that waits for a lease: the room is no longer what it was meant for. */
export const takeAllWaiting = ({ budgets }: RoomState): Waiting[] => {
  budgets.waiting_count = 0
  budgets.waiting_bytes = 0
  return [...budgets.people.values()].flatMap(({ waiting }) => waiting.splice(0))
}
