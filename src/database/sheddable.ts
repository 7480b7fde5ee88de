/** The operations that are left out under pressure, and from which level on (LIM-2). */
import { isPaused } from '../domain/limits/degradation.ts'
import type { Sheddable } from '../protocol/degradation.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import type { OperationName } from './operations.ts'

const sheddable: { readonly [Name in OperationName]?: Sheddable } = {
  moveReadMarks: 'read_marks',
  searchRoom: 'search',
  searchRooms: 'search',
}

const names: Partial<Record<Sheddable, string>> = {
  read_marks: 'read marks are',
  search: 'search is',
}

/** A level is taken back after two quiet seconds; several take as many times that. */
const retryAfterMs = 5_000

/** Undefined where it may go on. */
export const pausedRefusal = (name: OperationName, level: number): Refusal | undefined => {
  const what = sheddable[name]
  if (!what || !isPaused(level, what)) return undefined
  const message = `${names[what]} paused while the system is under pressure`
  return refusal('unavailable', message, retryAfterMs)
}
