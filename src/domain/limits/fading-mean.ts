/** A mean of what was measured lately, which fades while nothing is measured. */

export type FadingMean = { readonly value: number; readonly at: number }

export const nothingMeasured: FadingMean = { value: 0, at: 0 }

/** @param share what this one weighs in the mean */
export const measured = (
  mean: FadingMean,
  value: number,
  options: { readonly now: number; readonly share: number; readonly half_life_ms: number },
): FadingMean => {
  const before = faded(mean, options)
  return { value: before + (value - before) * options.share, at: options.now }
}

export const faded = (
  { value, at }: FadingMean,
  { now, half_life_ms }: { readonly now: number; readonly half_life_ms: number },
): number => (value === 0 ? 0 : value * 0.5 ** (Math.max(0, now - at) / half_life_ms))
