/** The device's motor, where there is one the page may use. */
import type { Told } from './show-notification.ts'

/** Milliseconds on, off, on: what is for this person is felt as two. */
const patterns: Record<Told['kind'], number[]> = {
  message: [60],
  mention: [90, 70, 90],
  notice: [90, 70, 90],
}

export const canVibrate = (): boolean => 'vibrate' in navigator

export const vibrate = (kind: Told['kind']): void => {
  // Browsers refuse, with a warning, before the first touch.
  if (canVibrate() && navigator.userActivation?.hasBeenActive) navigator.vibrate(patterns[kind])
}
