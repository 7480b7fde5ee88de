/** At which figures alerts fire: what operators set (`alert_*`), as the rules read it. */
export type AlertSettings = {
  /** Share of answers that failed through our fault, 0 to 1. */
  readonly error_ratio: number
  readonly commit_p99_ms: number
  readonly pool_wait_p99_ms: number
  readonly room_queue_p99_ms: number
  /** 0 to 1. */
  readonly buffer_fill: number
  readonly queue_age_s: number
  /** 0 to 1. */
  readonly memory_fill: number
  readonly slow_statements_per_s: number
  /** Of degradation, 1 to 5. */
  readonly level: number
  /** How long a figure has to be too high, and low again. */
  readonly for_s: number
  /** An alert ends below this share of its threshold. */
  readonly clear_share: number
}
