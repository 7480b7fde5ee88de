/** Whether the caller may look after the whole deployment (SEC-2). */
import { denyOperating } from '../domain/access.ts'
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'

/** `forbidden` to everybody who is no admin. */
export const operating = async (
  env: Env,
  { user_id }: { readonly user_id: string },
): Promise<Outcome<null>> => {
  const person = await askDatabase(env, user_id, 'readUser', { user_id })
  if (!person.ok) return person
  const denied = denyOperating(person.value)
  return denied ? failure(denied) : success(null)
}
