/** Where alerts are told (OPS-2), from the environment. Without it they are shown and logged only. */
import { Webhook as Signer } from 'standardwebhooks'
import { SettingsError, type Variables } from '../lib/variables.ts'
import { readApiUrl } from './api-url.ts'

export type AlertWebhook = {
  readonly url: URL
  /** `whsec_…` */
  readonly secret: string
}

/**
 * The operator names the address, so it may be any, also within their own network: WEBHOOK_HOSTS is
 * for those that people name.
 * @throws SettingsError
 */
export const readAlertWebhook = (variables: Variables): AlertWebhook | undefined => {
  const { ALERT_WEBHOOK_URL, ALERT_WEBHOOK_SECRET: secret } = variables
  if (!ALERT_WEBHOOK_URL && !secret) return undefined
  if (!ALERT_WEBHOOK_URL || !secret)
    throw new SettingsError('ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET must both be set, or none')
  const url = readApiUrl(variables, 'ALERT_WEBHOOK_URL', 'https://alerts.example.com/muster')
  if (url.username !== '' || url.password !== '')
    throw new SettingsError('ALERT_WEBHOOK_URL must have no user and no password in it')
  if (!isSecret(secret))
    throw new SettingsError(
      'ALERT_WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes of base64, as Standard Webhooks have it',
    )
  return { url, secret }
}

const isSecret = (secret: string): boolean => {
  const encoded = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret)?.[1]
  if (encoded === undefined) return false
  const bytes = Math.floor((encoded.replaceAll('=', '').length * 3) / 4)
  if (bytes < 24 || bytes > 64) return false
  try {
    return new Signer(secret) instanceof Signer
  } catch {
    return false
  }
}
