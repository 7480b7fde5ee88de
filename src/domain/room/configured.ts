/**
 * Other settings while the room works (OPS-4). What is under way ends as it began; what waits stays
 * where it is, though it be more than may wait now: only what comes from now on is judged anew.
 */
import { trimRecent } from './changes.ts'
import { beatInTime } from './heartbeat.ts'
import type { Input } from './input.ts'
import { crowdChanged, endGraceInTime } from './presence.ts'
import type { Turn } from './turn.ts'

export const configured = (turn: Turn, { settings }: Input & { type: 'configured' }): void => {
  const { state, now } = turn
  const before = state.settings
  state.settings = settings
  const { record } = state
  if (record.phase === 'known') trimRecent(record, settings)
  beatInTime(state, now)
  endGraceInTime(state, now)
  crowdChanged(turn, before)
}
