/** Asking the database again, after a pause that grows and is never the same twice (DB-4). */
import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel'

const retriesMax = 3
const firstPauseMs = 25
const longestPauseMs = 500

/** Who waited longer than this for attempts that failed should hear of it, not wait for more. */
const patienceMs = 2_000

/**
 * @param isWorthAnother must hold only for what can be repeated safely
 * @returns the last attempt's result, good or bad
 */
export const retrying = async <Value>(
  attempt: () => Promise<Value>,
  isWorthAnother: (value: Value) => boolean,
): Promise<Value> => {
  const started = Date.now()
  const isPatient = () => Date.now() - started < patienceMs
  return retry(
    handleWhenResult((value) => isWorthAnother(value as Value) && isPatient()),
    {
      maxAttempts: retriesMax,
      backoff: new ExponentialBackoff({ initialDelay: firstPauseMs, maxDelay: longestPauseMs }),
    },
  ).execute(attempt)
}
