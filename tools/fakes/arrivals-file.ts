/** What arrived, kept over restarts: a line each. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Arrival } from './behaviour.ts'

/** Of those in the file; older ones are forgotten at the next start. */
const KEPT_MAX_COUNT = 2_000

/** Of those kept the last, so that the file does not grow for ever. */
export function readArrivals(file: string): Arrival[] {
  const lines = readLines(file).slice(-KEPT_MAX_COUNT)
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 })
  return lines.map((line) => JSON.parse(line) as Arrival)
}

/** The last line of a process that was killed may be half a one. */
function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
  } catch {
    return []
  }
}

export function appendArrivals(file: string, arrivals: readonly Arrival[]): void {
  if (arrivals.length === 0) return
  appendFileSync(file, arrivals.map((arrival) => `${JSON.stringify(arrival)}\n`).join(''))
}
