/** One named operation of the database, asked of the gateway that serves `key`. Never throws. */
import type { Arguments, OperationName, Result } from '../database/operations.ts'
import type { Env } from '../env.ts'
import { failure, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import { gatewayStub } from './stubs.ts'

/**
 * @param key the room's id where there is a room, otherwise the person's
 */
export const askDatabase = async <Name extends OperationName>(
  env: Env,
  key: string,
  name: Name,
  args: Arguments<Name>,
): Promise<Outcome<Result<Name>>> => {
  try {
    // The stub's own type forgets which result belongs to which name.
    return (await gatewayStub(env, key).run(name, args)) as Outcome<Result<Name>>
  } catch {
    log.error('gateway_reset', { operation: name, key })
    return failure(refusal('unavailable', 'the database gateway was reset', 1_000))
  }
}
