/** What the page says of the connection: the socket's state, and whether the server can write. */
import type { ErrorCode } from '../../../src/protocol/errors.ts'
import type { ConnectionState } from '../sync/connection.ts'

export type ConnectionView = 'live' | 'read_only' | 'connecting' | 'waiting' | 'offline'

type Told = {
  readonly connection: ConnectionState
  readonly hindrance: ErrorCode | undefined
}

/** A room that is merely busy is live: its messages go through in a moment. */
export const connectionView = ({ connection, hindrance }: Told): ConnectionView => {
  switch (connection.kind) {
    case 'live':
      return hindrance === 'unavailable' ? 'read_only' : 'live'
    case 'stopped':
    case 'signed_out':
      return 'offline'
    default:
      return connection.kind
  }
}
