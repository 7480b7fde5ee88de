/** How e-mail goes out (DISP-9), from the environment. Without it this deployment sends none. */
import { SettingsError, type Variables } from '../lib/variables.ts'
import { readApiUrl } from './api-url.ts'

export type EmailSettings = {
  readonly url: URL
  readonly api_key: string
  /** `Muster <muster@example.com>` */
  readonly from: string
}

const RESEND = 'https://api.resend.com'

/** @throws SettingsError */
export const readEmailSettings = (variables: Variables): EmailSettings | undefined => {
  const { EMAIL_API_URL, EMAIL_API_KEY, EMAIL_FROM } = variables
  if (!EMAIL_API_URL && !EMAIL_API_KEY && !EMAIL_FROM) return undefined
  if (!EMAIL_API_KEY || !EMAIL_FROM)
    throw new SettingsError('EMAIL_API_KEY and EMAIL_FROM must both be set, or no EMAIL_ variable')
  if (!/^[\x21-\x7e]+$/.test(EMAIL_API_KEY))
    throw new SettingsError('EMAIL_API_KEY has characters that no API key has')
  if (!/^([^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(EMAIL_FROM))
    throw new SettingsError('EMAIL_FROM must be an address, or "Name <address>"')
  return {
    url: readApiUrl(variables, 'EMAIL_API_URL', RESEND),
    api_key: EMAIL_API_KEY,
    from: EMAIL_FROM,
  }
}
