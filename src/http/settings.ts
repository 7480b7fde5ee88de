/** Whether the environment says all that is needed. Asked once, when the Worker starts. */
import { readAlertWebhook } from '../channels/alert-settings.ts'
import { readEmailSettings } from '../channels/email-settings.ts'
import { readPushSettings, readPushShards } from '../channels/push-settings.ts'
import { readWebhookRule } from '../channels/webhook-address.ts'
import { readWhatsappSettings } from '../channels/whatsapp-settings.ts'
import { readDatabaseLocation } from '../database/location.ts'
import { readPoolSettings } from '../database/pool-settings.ts'
import { readReplicaUrl } from '../database/replica-settings.ts'
import { readSlowMs } from '../database/slow-settings.ts'
import { settingIn } from '../domain/configuration/read.ts'
import { allNames } from '../domain/configuration/schema.ts'
import { checkRule, rules } from '../domain/configuration/rules.ts'
import { readRateLimits } from '../durable/rate-limit-settings.ts'
import { readMetricsToken } from './metrics-token.ts'
import { readCollectorShards, readReportIntervalMs } from '../durable/collector-settings.ts'
import { readDispatchSettings, readDispatchShards } from '../durable/dispatch-settings.ts'
import { readRoomSettings } from '../durable/room-settings.ts'
import { readInboxSettings } from '../durable/inbox-settings.ts'
import { readAuthSettings } from '../identity/auth-settings.ts'
import { readProofSecret } from '../identity/receipts.ts'
import { SettingsError, type Variables } from '../lib/variables.ts'

/** One line per thing that is wrong; each names its variable. */
export const settingsProblems = (variables: Variables): string[] => {
  const problems = checks.flatMap((check) => {
    try {
      check(variables)
      return []
    } catch (error) {
      if (error instanceof SettingsError) return [error.message]
      throw error
    }
  })
  // A setting is read on its own and with those it belongs to.
  return [...new Set(problems)]
}

const requireDatabase = ({ DATABASE_URL }: Variables): void => {
  if (!DATABASE_URL) throw new SettingsError('DATABASE_URL is not set: where is Postgres?')
}

/** Each throws SettingsError where something is wrong. */
const checks: readonly ((variables: Variables) => unknown)[] = [
  readAuthSettings,
  readProofSecret,
  readPoolSettings,
  readDatabaseLocation,
  readRoomSettings,
  readInboxSettings,
  readRateLimits,
  requireDatabase,
  readReplicaUrl,
  readSlowMs,
  readPushSettings,
  readPushShards,
  readWebhookRule,
  readDispatchShards,
  readCollectorShards,
  readReportIntervalMs,
  readDispatchSettings,
  readEmailSettings,
  readWhatsappSettings,
  readMetricsToken,
  readAlertWebhook,
  ...allNames.map((name) => (variables: Variables) => settingIn(variables, name)),
  ...rules.map((rule) => (variables: Variables) => checkRule(rule, variables)),
]
