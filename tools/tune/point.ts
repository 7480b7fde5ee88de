/** What was measured with a pool of one size. */
export type Point = {
  /** Connections. */
  readonly size: number
  /** Commit calls that were answered, each with one message. */
  readonly per_second: number
  /** From a call to its answer, the wait for a connection included. */
  readonly p50_ms: number
  readonly p99_ms: number
  /** Of the wait for a connection. */
  readonly wait_p99_ms: number
  /** Calls that were not answered, or answered by a refusal. */
  readonly failed: number
}
