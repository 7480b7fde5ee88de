/** What the banner under a room's header says: the gravest of what is wrong. Pure. */
import type { RoomState } from '../sync/room-sync.ts'
import { connectionView } from './connection-view.ts'

export type Banner = 'read_only' | 'offline' | 'reconnecting' | 'busy'

type Told = Pick<RoomState, 'connection' | 'hindrance' | 'degraded' | 'timeline'>

export const bannerOf = (told: Told): Banner | undefined => {
  const { connection, degraded, timeline } = told
  switch (connection.kind) {
    case 'live':
      if (connectionView(told) === 'read_only') return 'read_only'
      return degraded.paused.length > 0 ? 'busy' : undefined
    case 'connecting':
      // The first time it is the room itself that is awaited.
      return timeline.last_revision === undefined ? undefined : 'reconnecting'
    case 'waiting':
      return 'reconnecting'
    case 'offline':
      return 'offline'
    default:
      return undefined
  }
}
