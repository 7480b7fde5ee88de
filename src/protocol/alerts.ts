/** Alerts (OPS-2): what is wrong, since when, how bad, and what to do. */
import * as z from 'zod/mini'
import { Timestamp } from './scalars.ts'

export const AlertSeverity = z.enum(['warning', 'critical'])
export type AlertSeverity = z.infer<typeof AlertSeverity>

export const AlertRule = z.object({
  /** `commit_slow`, `pool_waits`, …: also the anchor of its paragraph in docs/operations.md. */
  rule: z.string(),
  severity: AlertSeverity,
  /** One sentence: what happens. */
  title: z.string(),
  /** What the person on call does about it. */
  todo: z.string(),
  link: z.string(),
  unit: z.string(),
  /** Fires when the figure has been at or above it for so long … */
  threshold: z.number(),
  for_s: z.number(),
  /** … and ends when it has been below this for so long. */
  clears_below: z.number(),
  clears_after_s: z.number(),
})
export type AlertRule = z.infer<typeof AlertRule>

export const Alert = z.extend(AlertRule, {
  /** One occurrence; another time it has another id. */
  alert_id: z.string(),
  state: z.enum(['firing', 'resolved']),
  since: Timestamp,
  resolved_at: z.nullable(Timestamp),
  /** The figure now, or when it ended, and the worst of it. */
  value: z.number(),
  worst: z.number(),
  acknowledged_at: z.nullable(Timestamp),
  acknowledged_by: z.nullable(z.string()),
})
export type Alert = z.infer<typeof Alert>

/** What a rule sees now, whether it fires or not. */
export const AlertStanding = z.extend(AlertRule, {
  state: z.enum(['ok', 'pending', 'firing']),
  /** Null where there is nothing to measure. */
  value: z.nullable(z.number()),
})
export type AlertStanding = z.infer<typeof AlertStanding>

export const AlertList = z.object({
  firing: z.array(Alert),
  rules: z.array(AlertStanding),
})
export type AlertList = z.infer<typeof AlertList>

/** Newest first. */
export const AlertHistory = z.object({ alerts: z.array(Alert) })

/** Body of the webhook, signed as Standard Webhooks say: when an alert begins and when it ends. */
export const AlertEvent = z.object({
  type: z.enum(['alert.firing', 'alert.resolved']),
  timestamp: Timestamp,
  data: Alert,
})
export type AlertEvent = z.infer<typeof AlertEvent>
