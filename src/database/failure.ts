/** What a failed query means: was it refused, or may it have happened all the same (SEQ-4)? */

export type Failure =
  /** Postgres answered with an error: nothing of this statement was kept. */
  | { readonly kind: 'refused'; readonly sqlstate: string; readonly message: string }
  /** The connection broke or the server went away: anything may be true. */
  | { readonly kind: 'unknown'; readonly message: string }

export const failureOf = (error: unknown): Failure => {
  const message = error instanceof Error ? error.message : String(error)
  const sqlstate = sqlstateOf(error)
  if (sqlstate === undefined || isConnectionLoss(sqlstate)) return { kind: 'unknown', message }
  return { kind: 'refused', sqlstate, message }
}

/** Errors that pass by themselves: serialisation, deadlock, a lock or a statement timed out. */
export const isTransient = (sqlstate: string): boolean =>
  ['40001', '40P01', '55P03', '57014', '53300', '53400'].includes(sqlstate)

/** Class 08: connection exception. 57P0x: shut down, crash, not yet started. */
const isConnectionLoss = (sqlstate: string): boolean =>
  sqlstate.startsWith('08') || sqlstate.startsWith('57P')

/** Only what the server said has a severity; codes such as EPIPE are the network's. */
const sqlstateOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
