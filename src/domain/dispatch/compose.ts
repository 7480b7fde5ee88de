/** Which of the messages that wait for a destination go into its next batch, in which order. */
import { chooseLevel } from './schedule.ts'
import { levels, type Level } from './row.ts'
import type { DispatchSettings } from './settings.ts'

/** One that waits, as far as this has to know it. */
export type Entry = {
  readonly seq: number
  readonly bytes: number
  readonly accepted_at: number
}

/** @param waiting by priority, in the order in which they were accepted */
export const compose = <Of extends Entry>(
  waiting: readonly [readonly Of[], readonly Of[], readonly Of[]],
  { size, place, now }: { readonly size: number; readonly place: number; readonly now: number },
  settings: DispatchSettings,
): Of[] => {
  const taken: [number, number, number] = [0, 0, 0]
  const entries: Of[] = []
  const max = Math.min(size, settings.batch_max_count)
  let bytes = 0
  while (entries.length < max) {
    const turn = { place: place + entries.length, now }
    const level = nextLevel(waiting, taken, turn, settings)
    const entry = level === undefined ? undefined : waiting[level][taken[level]]
    if (level === undefined || !entry) break
    // One is taken whatever its size: it would wait for ever.
    if (entries.length > 0 && bytes + entry.bytes > settings.batch_max_bytes) break
    bytes += entry.bytes
    taken[level] += 1
    entries.push(entry)
  }
  return entries
}

const nextLevel = (
  waiting: readonly [readonly Entry[], readonly Entry[], readonly Entry[]],
  taken: readonly [number, number, number],
  turn: { readonly place: number; readonly now: number },
  settings: DispatchSettings,
): Level | undefined => {
  const left = levels.filter((level) => taken[level] < waiting[level].length)
  if (left.length < 2) return left[0]
  const since = (level: Level) => waiting[level][taken[level]]?.accepted_at
  return chooseLevel([since(0), since(1), since(2)], turn, settings)
}
