/**
 * Which statements go first where connections are short (LIM-2): what sends messages, and what lets
 * somebody enter a room and see them. Whatever is not named here waits behind it.
 */
import type { Urgency } from './gate.ts'
import type { OperationName } from './operations.ts'

const urgent: ReadonlySet<string> = new Set<OperationName | 'commit-room' | 'commit-burst'>([
  'commit-room',
  'commit-burst',
  'readRoomSnapshot',
  'readChanges',
  'readRecentMessages',
  'readMessagePage',
  'readMember',
  'readUser',
  'ping',
])

export const urgencyOf = (statement: string): Urgency =>
  urgent.has(statement) ? 'urgent' : 'patient'
