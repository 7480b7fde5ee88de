/** The caller's own record. */
import { askDatabase } from '../durable/ask-database.ts'
import { success } from '../lib/outcome.ts'
import { User } from '../protocol/member.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

const me = endpoint({
  method: 'get',
  path: '/api/me',
  tag: 'session',
  summary: 'Who am I?',
  description: 'A person who comes for the first time is recorded with the name in the token.',
  success: { status: 200, description: 'The caller', schema: User },
  refuses: ['database_busy'],
  handle: async ({ env, caller }) => {
    const { user_id, display_name = null } = caller
    const known = await askDatabase(env, user_id, 'readUser', { user_id })
    if (!known.ok) return known
    if (known.value !== null) return success(known.value)
    return askDatabase(env, user_id, 'saveUser', { user_id, display_name })
  },
})

export const meEndpoints: readonly Endpoint[] = [me]
