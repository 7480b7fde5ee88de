/** Time as an input: what the sync code knows of clocks and timers. Tests bring their own. */

export type Cancel = () => void

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `act` once after the delay, unless cancelled before. */
  after(delay_ms: number, act: () => void): Cancel
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (delay_ms, act) => {
    const timer = setTimeout(act, delay_ms)
    return () => clearTimeout(timer)
  },
}
