/** Asking the database again, after a pause that grows and is never the same twice (DB-4). */
import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel'

const attempts = 3
const firstPauseMs = 25
const longestPauseMs = 500

/**
 * @param isWorthAnother must hold only for what can be repeated safely
 * @returns the last attempt's result, good or bad
 */
export const retrying = async <Value>(
  attempt: () => Promise<Value>,
  isWorthAnother: (value: Value) => boolean,
): Promise<Value> =>
  retry(
    handleWhenResult((value) => isWorthAnother(value as Value)),
    {
      maxAttempts: attempts,
      backoff: new ExponentialBackoff({ initialDelay: firstPauseMs, maxDelay: longestPauseMs }),
    },
  ).execute(attempt)
