/** How messages go out over WhatsApp (DISP-9), from the environment. Without it there are none. */
import { SettingsError, type Variables } from '../lib/variables.ts'
import { readApiUrl } from './api-url.ts'

export type WhatsappSettings = {
  readonly url: URL
  readonly access_token: string
  readonly phone_number_id: string
  /** One with the text as its only parameter, {{1}}; undefined: plain text. */
  readonly template: { readonly name: string; readonly language: string } | undefined
}

const GRAPH = 'https://graph.facebook.com/v23.0'

/** @throws SettingsError */
export const readWhatsappSettings = (variables: Variables): WhatsappSettings | undefined => {
  const { WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_API_URL } = variables
  const { WHATSAPP_TEMPLATE, WHATSAPP_TEMPLATE_LANGUAGE } = variables
  const given = [WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_API_URL]
  if (![...given, WHATSAPP_TEMPLATE].some(Boolean)) return undefined
  if (!WHATSAPP_ACCESS_TOKEN || !WHATSAPP_PHONE_NUMBER_ID)
    throw new SettingsError(
      'WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID must both be set, or no WHATSAPP_ variable',
    )
  if (!/^[\x21-\x7e]+$/.test(WHATSAPP_ACCESS_TOKEN))
    throw new SettingsError('WHATSAPP_ACCESS_TOKEN has characters that no token has')
  if (!/^\d+$/.test(WHATSAPP_PHONE_NUMBER_ID))
    throw new SettingsError('WHATSAPP_PHONE_NUMBER_ID must be the id of a number, digits only')
  const language = WHATSAPP_TEMPLATE_LANGUAGE || 'en_US'
  if (WHATSAPP_TEMPLATE && !/^[a-z0-9_]{1,512}$/.test(WHATSAPP_TEMPLATE))
    throw new SettingsError('WHATSAPP_TEMPLATE must be the name of a template: a-z, 0-9 and _')
  if (!/^[a-z]{2,3}(_[A-Z]{2})?$/.test(language))
    throw new SettingsError('WHATSAPP_TEMPLATE_LANGUAGE must be a code such as en_US or zh_TW')
  return {
    url: readApiUrl(variables, 'WHATSAPP_API_URL', GRAPH),
    access_token: WHATSAPP_ACCESS_TOKEN,
    phone_number_id: WHATSAPP_PHONE_NUMBER_ID,
    template: WHATSAPP_TEMPLATE ? { name: WHATSAPP_TEMPLATE, language } : undefined,
  }
}
