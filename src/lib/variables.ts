/** The variables of the environment by name, and what is said of one that cannot be used. */
import type { SettingVariable } from '../protocol/setting-names.ts'

/**
 * All text, some of them secrets. Explained in `.dev.vars.example`. Those of settings may be set
 * while Muster runs (OPS-4); the others only by the environment.
 */
export type Variables = Readonly<Partial<Record<SettingVariable, string>>> & {
  readonly DATABASE_URL?: string
  readonly DATABASE_READ_URL?: string
  readonly DATABASE_PROXY?: string
  readonly ENVIRONMENT?: string
  readonly AUTH_SECRET?: string
  readonly AUTH_DEV_LOGIN?: string
  readonly AUTH_ISSUER?: string
  readonly AUTH_AUDIENCE?: string
  readonly AUTH_JWKS_URL?: string
  readonly PROOF_SECRET?: string
  readonly DB_GATEWAY_SHARDS?: string
  readonly DB_LOCATION_HINT?: string
  readonly DB_IDLE_SLEEP?: string
  readonly INBOX_SHARDS?: string
  readonly VAPID_PUBLIC_KEY?: string
  readonly VAPID_PRIVATE_KEY?: string
  readonly VAPID_SUBJECT?: string
  readonly PUSH_HOSTS?: string
  readonly PUSH_SHARDS?: string
  readonly DISPATCH_SHARDS?: string
  readonly EMAIL_API_URL?: string
  readonly EMAIL_API_KEY?: string
  readonly EMAIL_FROM?: string
  readonly WHATSAPP_API_URL?: string
  readonly WHATSAPP_ACCESS_TOKEN?: string
  readonly WHATSAPP_PHONE_NUMBER_ID?: string
  readonly WHATSAPP_TEMPLATE?: string
  readonly WHATSAPP_TEMPLATE_LANGUAGE?: string
  readonly WEBHOOK_HOSTS?: string
  readonly COLLECTOR_SHARDS?: string
  readonly REPORT_INTERVAL?: string
  readonly METRICS_TOKEN?: string
  readonly ALERT_WEBHOOK_URL?: string
  readonly ALERT_WEBHOOK_SECRET?: string
}

/** Stops the start. The message names the variable and says what would do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

type Bounds = { readonly or: number; readonly min: number; readonly max: number }

/** @throws SettingsError */
export const numberIn = (variables: Variables, name: keyof Variables, bounds: Bounds): number => {
  const text = variables[name]
  if (text === undefined || text === '') return bounds.or
  const value = Number(text)
  if (Number.isFinite(value) && value >= bounds.min && value <= bounds.max) return value
  throw new SettingsError(
    `${name} is "${text}"; it must be a number from ${bounds.min} to ${bounds.max}`,
  )
}

/** @throws SettingsError */
export const integerIn = (variables: Variables, name: keyof Variables, bounds: Bounds): number => {
  const value = numberIn(variables, name, bounds)
  if (Number.isInteger(value)) return value
  throw new SettingsError(`${name} is "${value}"; it must be a whole number`)
}
