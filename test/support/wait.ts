/** Waiting for something outside to become true. */
import { pause } from '../../tools/dev/child-process.ts'

/** @returns false when the time ran out first. */
export async function within(
  timeout_ms: number,
  isTrue: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + timeout_ms
  while (!(await isTrue())) {
    if (performance.now() > deadline) return false
    await pause(20)
  }
  return true
}
