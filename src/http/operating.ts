/**
 * Whether the caller may look after the whole deployment (SEC-2). The database says so; while it is
 * away or does not answer soon, who was an admin a moment ago is still let in: that is when the
 * ops page is needed most (LIM-3).
 */
import { denyOperating } from '../domain/access.ts'
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { inTime } from '../lib/in-time.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'

/** So long the word of the database holds where it says nothing newer. */
const REMEMBERED_MS = 600_000
/** From then on who is remembered does not wait for the database any longer. */
const PATIENCE_MS = 1_000
/** Admins are few. */
const REMEMBERED_MAX_COUNT = 1_000

/** Of this isolate: when the database last said that somebody is an admin. */
const admins = new Map<string, number>()

/** `forbidden` to everybody who is no admin. */
export const operating = async (
  env: Env,
  { user_id }: { readonly user_id: string },
): Promise<Outcome<null>> => {
  const isRemembered = Date.now() - (admins.get(user_id) ?? -Infinity) < REMEMBERED_MS
  const asked = askDatabase(env, user_id, 'readUser', { user_id })
  const person = isRemembered ? await inTime(PATIENCE_MS, asked) : await asked
  if (!person?.ok) {
    if (isRemembered) return success(null)
    return person ?? failure(refusal('unavailable', 'the database did not answer', 1_000))
  }
  const denied = denyOperating(person.value)
  admins.delete(user_id)
  if (denied) return failure(denied)
  if (admins.size < REMEMBERED_MAX_COUNT) admins.set(user_id, Date.now())
  return success(null)
}
