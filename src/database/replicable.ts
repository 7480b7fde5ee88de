/**
 * The operations that a read replica may answer (DB-6), each with whom it is for. An operation
 * that is not named here, or says null, always reads the primary: so do the room's record, what a
 * client resumes from, decisions about members, read marks, and the newest pages of history.
 */
import type { Arguments, OperationName } from './operations.ts'
import type { Viewer } from './standpoint.ts'

/** Worth it only for what costs much more than asking where the viewer stands. */
const replicable: {
  readonly [Name in OperationName]?: (args: Arguments<Name>) => Viewer | null
} = {
  readMessagePage: ({ user_id, room_id, position }) =>
    ['before', 'before_sequence', 'around'].includes(position.kind) ? { user_id, room_id } : null,
  readReportFacts: ({ user_id, room_id }) => ({ user_id, room_id }),
  readReportPage: ({ user_id, room_id }) => ({ user_id, room_id }),
  searchRoom: ({ user_id, room_id }) => ({ user_id, room_id }),
  searchRooms: ({ user_id }) => ({ user_id, room_id: null }),
}

/** Null where only the primary may answer. */
export const viewerOf = <Name extends OperationName>(
  name: Name,
  args: Arguments<Name>,
): Viewer | null => replicable[name]?.(args) ?? null
