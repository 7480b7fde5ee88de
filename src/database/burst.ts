/** The burst commit: many messages of a room in one transaction and one round trip (DISP-7). */
import type { BurstRequest, CommitOutcome, ItemResult } from '../domain/room/commit.ts'
import { changeOf, type ChangeRow } from './changes.ts'
import type { Client } from './client.ts'

/** Runs the function `commit_burst` of `migrations/`. All is committed, or nothing is. */
export const commitBurst = async (
  client: Client,
  request: BurstRequest,
): Promise<CommitOutcome & { kind: 'answered' }> => {
  const { rows } = await client.query({
    name: 'commit-burst',
    text: 'SELECT commit_burst($1, $2, $3, $4, $5) AS outcome',
    values: [
      request.room_id,
      request.owner,
      request.claim,
      request.expected_revision,
      JSON.stringify(request.items),
    ],
  })
  const outcome = rows[0]?.['outcome'] as { results: ItemResult[]; changes: ChangeRow[] }
  return { kind: 'answered', results: outcome.results, changes: outcome.changes.map(changeOf) }
}
