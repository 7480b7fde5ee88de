/** What can be said on the command line of `npm run bench`. */
import { parseArgs } from 'node:util'

export type Options = {
  /** Names of goals, such as P1; empty: all. */
  only: string[]
  /** Each round measures every system once; the order alternates. */
  rounds: number
  /** Length of one measurement, after its warm-up. */
  seconds: number
}

/** @throws Error that says what is wrong */
export const readOptions = (args: string[]): Options => {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
    },
  })
  return {
    only: values.only.flatMap((names) => names.split(',')),
    rounds: positive('--rounds', values.rounds),
    seconds: positive('--seconds', values.seconds),
  }
}

const positive = (name: string, text: string): number => {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`${name} must be a number above 0, not "${text}".`)
}
