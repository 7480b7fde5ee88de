/** An error as one line for a person at a terminal: the deepest cause tells most. */

export function oneLine(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(oneLine).join('; ')
  }
  if (!(error instanceof Error)) return String(error)
  // drizzle wraps what the database said in "Failed query: <the whole statement>".
  if (error.message.startsWith('Failed query') && error.cause !== undefined) {
    return oneLine(error.cause)
  }
  return error.message.replaceAll(/\s*\n\s*/g, ' ')
}
