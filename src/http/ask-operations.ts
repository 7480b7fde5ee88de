/** Asks the object that watches the deployment; a refusal where it does not answer. */
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'

export const fromOperations = async <Value>(ask: () => Promise<Value>): Promise<Outcome<Value>> => {
  try {
    return success(await ask())
  } catch {
    return failure(refusal('unavailable', 'what is watched cannot be read now', 1_000))
  }
}
