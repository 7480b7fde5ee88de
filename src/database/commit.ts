/** The commit call: many items, one round trip (SEQ-2). */
import type { CommitOutcome, CommitRequest, ItemResult } from '../domain/room/commit.ts'
import { changeOf, type ChangeRow } from './changes.ts'
import type { Client } from './client.ts'

/** Runs the procedure `commit_room` of `migrations/`. Must not be inside a transaction. */
export const commitRoom = async (
  client: Client,
  request: CommitRequest,
): Promise<CommitOutcome & { kind: 'answered' }> => {
  const { rows } = await client.query({
    name: 'commit-room',
    text: 'CALL commit_room($1, $2, $3, $4, $5, $6, NULL)',
    values: [
      request.room_id,
      request.owner,
      request.claim,
      request.expected_revision,
      JSON.stringify(request.items),
      request.in_group,
    ],
  })
  const outcome = rows[0]?.['outcome'] as { results: ItemResult[]; changes: ChangeRow[] }
  return { kind: 'answered', results: outcome.results, changes: outcome.changes.map(changeOf) }
}
