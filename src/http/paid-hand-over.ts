/** Messages on their way to the buffer, as far as their sender's budget goes (LIM-1). */
import type { Handed } from '../domain/dispatch/buffered.ts'
import { handOver } from '../durable/hand-over.ts'
import type { OneWayMessage } from '../protocol/one-way.ts'
import type { HttpContext } from './context.ts'
import { spend } from './purse.ts'

/** @returns what became of each, in order; the last ones are refused where the budget is used up */
export const paidHandOver = async (
  context: HttpContext,
  sender_id: string,
  messages: readonly OneWayMessage[],
): Promise<readonly Handed[]> => {
  const { paid, refusal } = await spend(context, sender_id, messages.length)
  const handed =
    paid === 0 ? [] : await handOver(context.env, { sender_id, messages: messages.slice(0, paid) })
  return refusal
    ? [...handed, ...messages.slice(paid).map((): Handed => ({ ok: false, refusal }))]
    : handed
}
