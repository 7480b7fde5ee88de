/** Walking along a chart's time by keyboard. Pure. */

/** Of a few hundred moments, so that one gets across. */
const page_steps = 20

/** Undefined: the key has nothing to do with it. */
export const stepTo = (key: string, from: number, count: number): number | undefined => {
  const by = steps[key]
  if (by === undefined || count === 0) return undefined
  return Math.min(count - 1, Math.max(0, from + by))
}

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -page_steps,
  PageUp: page_steps,
  Home: -Infinity,
  End: Infinity,
}
