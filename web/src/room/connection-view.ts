/** What the page says of the connection: the socket's state, and whether the server can write. */
import type { RoomState } from '../sync/room-sync.ts'

export type ConnectionView = 'live' | 'read_only' | 'connecting' | 'waiting' | 'offline'

type Told = Pick<RoomState, 'connection' | 'hindrance' | 'degraded'>

/** A room that is merely busy is live: its messages go through in a moment. */
export const connectionView = ({ connection, hindrance, degraded }: Told): ConnectionView => {
  switch (connection.kind) {
    case 'live':
      return degraded.database === 'away' || hindrance?.code === 'unavailable'
        ? 'read_only'
        : 'live'
    case 'stopped':
    case 'signed_out':
      return 'offline'
    default:
      return connection.kind
  }
}
