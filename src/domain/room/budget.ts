/**
 * Everything that a person writes is paid for before it takes its place in the FIFO (LIM-1): from
 * the lease that the room holds for them, whichever socket or request it came by. Without one it
 * waits, and all later of that person behind it (SEQ-6); nobody else does. Leases are asked for
 * ahead of need, so that few wait.
 */
import { refusal } from '../../protocol/errors.ts'
import { refuse } from './answers.ts'
import { leftOf, type Budget, type Waiting } from './budget-figures.ts'
import type { CommitItem } from './commit.ts'
import type { Input } from './input.ts'
import type { Instant, KnownRecord, Pending } from './state.ts'
import type { Turn } from './turn.ts'
import { enqueue, sizeOf } from './writing.ts'

/** Into the FIFO, as soon as it is paid; or its sender is told when to come back. */
export const pay = (
  turn: Turn,
  record: KnownRecord,
  item: CommitItem,
  origin: Pending['origin'],
): void => {
  const { now } = turn
  const user_id = item.actor_id
  const budget = budgetOf(turn, user_id)
  if (budget.waiting.length > 0 || !take(budget, now))
    return wait(turn, budget, { item, origin, bytes: sizeOf(item), received_at: now })
  budget.paid_count += 1
  enqueue(turn, record, { item, origin, received_at: now })
  askAhead(turn, user_id, budget)
}

/** Somebody is about to write: what they will need is asked for now. */
export const expectWriting = (turn: Turn, user_id: string): void =>
  askAhead(turn, user_id, budgetOf(turn, user_id))

export const leased = (turn: Turn, { user_id, lease }: Input & { type: 'leased' }): void => {
  const { state, now } = turn
  const { settings } = state
  const budget = state.budgets.people.get(user_id)
  if (!budget?.is_asked) return
  budget.is_asked = false
  budget.limit = lease.limit
  budget.remaining = lease.remaining
  budget.reset_at = now + lease.reset_ms
  const spare = lease.granted - admit(turn, budget, lease.granted)
  if (spare > 0) budget.held.push({ left: spare, expires_at: budget.asked_at + lease.ttl_ms })
  else if (lease.granted === 0) budget.ahead_at = now + settings.lease_pause_ms
  if (lease.retry_after_ms > 0) refuseWaiting(turn, budget, lease.retry_after_ms)
  else if (budget.waiting.length > 0) ask(turn, user_id, budget)
}

const take = (budget: Budget, now: Instant): boolean => {
  const { held } = budget
  for (let [first] = held; first; [first] = held) {
    if (first.left > 0 && first.expires_at > now) {
      first.left -= 1
      return true
    }
    held.shift()
  }
  return false
}

const wait = (turn: Turn, budget: Budget, waiting: Waiting): void => {
  const { state, now } = turn
  const { budgets, settings } = state
  if (budget.refused_until > now) return refuse(turn, waiting, tooMuch(budget.retry_at - now))
  if (
    state.pending.length + budgets.waiting_count >= settings.pending_max_count ||
    state.pending_bytes + budgets.waiting_bytes + waiting.bytes > settings.pending_max_bytes
  )
    return refuse(turn, waiting, refusal('unavailable', 'too much waits to be written', 1_000))
  budget.waiting.push(waiting)
  budgets.waiting_count += 1
  budgets.waiting_bytes += waiting.bytes
  if (!budget.is_asked) ask(turn, waiting.item.actor_id, budget)
}

/** @returns how many of the granted were used */
const admit = (turn: Turn, budget: Budget, granted: number): number => {
  const { budgets, record } = turn.state
  if (record.phase !== 'known') return 0
  const admitted = budget.waiting.splice(0, granted)
  budgets.waiting_count -= admitted.length
  budget.paid_count += admitted.length
  for (const waiting of admitted) {
    budgets.waiting_bytes -= waiting.bytes
    enqueue(turn, record, waiting)
  }
  return admitted.length
}

/** All of them, so that what is sent again keeps its order (SEQ-6). */
const refuseWaiting = (turn: Turn, budget: Budget, retry_after_ms: number): void => {
  const { state, now } = turn
  const { budgets, settings } = state
  budget.retry_at = now + retry_after_ms
  // The limiter is asked again before: less than was wanted may be had sooner.
  budget.refused_until = now + Math.min(retry_after_ms, settings.lease_pause_ms)
  for (const waiting of budget.waiting.splice(0)) {
    budgets.waiting_count -= 1
    budgets.waiting_bytes -= waiting.bytes
    refuse(turn, waiting, tooMuch(retry_after_ms))
  }
}

const tooMuch = (retry_after_ms: number) =>
  refusal('rate_limited', 'you have written as much as you may for now', Math.ceil(retry_after_ms))

const askAhead = (turn: Turn, user_id: string, budget: Budget): void => {
  const { now } = turn
  const { is_asked, ahead_at, refused_until } = budget
  if (is_asked || ahead_at > now || refused_until > now) return
  if (leftOf(budget, now) <= budget.paid_count) ask(turn, user_id, budget)
}

/** For all that wait, and for what will be written in a moment at the pace of the last one. */
const ask = (turn: Turn, user_id: string, budget: Budget): void => {
  const { now, state, effects } = turn
  const { lease_aim_ms, lease_min_count, lease_max_count } = state.settings
  const needed = budget.waiting.length
  const elapsed_ms = Math.max(now - budget.asked_at, lease_aim_ms / 4)
  const pace = ((budget.paid_count + needed) * lease_aim_ms) / elapsed_ms
  const spare = Math.min(lease_max_count, Math.max(lease_min_count, Math.ceil(pace)))
  budget.is_asked = true
  budget.asked_at = now
  budget.paid_count = 0
  effects.push({ type: 'lease', request: { user_id, needed, spare } })
}

const budgetOf = (turn: Turn, user_id: string): Budget => {
  const { people } = turn.state.budgets
  const known = people.get(user_id)
  if (known) return known
  sweep(turn)
  const budget: Budget = {
    held: [],
    waiting: [],
    is_asked: false,
    asked_at: 0,
    paid_count: 0,
    ahead_at: 0,
    refused_until: 0,
    retry_at: 0,
    limit: 0,
    remaining: 0,
    reset_at: 0,
  }
  people.set(user_id, budget)
  return budget
}

/** Forgets those who have not written for a while, so that the room remembers only who does. */
const sweep = ({ state: { budgets, settings }, now }: Turn): void => {
  const { people, swept_at } = budgets
  if (now - swept_at < settings.budget_ttl_ms) return
  budgets.swept_at = now
  for (const [user_id, { is_asked, asked_at, waiting }] of people)
    if (!is_asked && waiting.length === 0 && now - asked_at > settings.budget_ttl_ms)
      people.delete(user_id)
}
