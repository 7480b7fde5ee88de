/** What an admin sees of the database (DB-7). */
import { success } from '../lib/outcome.ts'
import { DatabaseFigures } from '../protocol/database-figures.ts'
import { readDatabaseFigures } from './database-figures.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { operating } from './operating.ts'

const figures = endpoint({
  method: 'get',
  path: '/api/admin/database',
  tag: 'admin',
  summary: 'What the connections and the statements do',
  description:
    'Per gateway the pool of the primary and of the read replica; per statement how often it ' +
    'ran, failed and was slow, those that took most time first. Admins only.',
  success: { status: 200, description: 'Since the gateways woke', schema: DatabaseFigures },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ env, caller }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    return success(await readDatabaseFigures(env))
  },
})

export const adminDatabaseEndpoints: readonly Endpoint[] = [figures]
