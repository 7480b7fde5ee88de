/** What can be said on the command line of `npm run tune`. */
import { parseArgs } from 'node:util'

export type TuneOptions = {
  /** Length of one measurement, after its warm-up. */
  readonly seconds: number
  /** The largest pool that is tried; the database's own limit comes first. */
  readonly max: number
  /** Rooms that write at once, and people who write in the hot one. */
  readonly senders: number
  /** Leaves the rooms that it made. */
  readonly keep: boolean
  /** Loads a database though others work in it. */
  readonly yes: boolean
}

export const usage =
  'DATABASE_URL=postgres://… npm run tune [-- --seconds 5 --max 64 --senders 200 --keep --yes]'

/** @throws Error that says what is wrong */
export const readOptions = (args: string[]): TuneOptions => {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '5' },
      max: { type: 'string', default: '64' },
      senders: { type: 'string', default: '200' },
      keep: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  })
  return {
    seconds: within('--seconds', values.seconds, [0.1, 600]),
    max: Math.floor(within('--max', values.max, [1, 500])),
    senders: Math.floor(within('--senders', values.senders, [1, 5_000])),
    keep: values.keep,
    yes: values.yes,
  }
}

const within = (name: string, text: string, [min, max]: readonly [number, number]): number => {
  const value = Number(text)
  if (Number.isFinite(value) && value >= min && value <= max) return value
  throw new Error(`${name} must be a number from ${min} to ${max}, not "${text}".`)
}
