/** What each courier does with a parcel: which way it goes, and how it is sent. */
import type { Delivery, Parcel, ServiceName } from '../channels/channel.ts'
import { Email } from '../channels/email.ts'
import { readEmailSettings } from '../channels/email-settings.ts'
import { readWebhookRule, webhookAddress } from '../channels/webhook-address.ts'
import { Webhook } from '../channels/webhook.ts'
import { Whatsapp } from '../channels/whatsapp.ts'
import { readWhatsappSettings } from '../channels/whatsapp-settings.ts'
import type { StoredWebhook } from '../database/webhooks.ts'
import type { Env } from '../env.ts'
import type { Outcome } from '../lib/outcome.ts'
import { askDatabase } from './ask-database.ts'

/** `key` is what shares one circuit. */
export type Load = { readonly key: string; readonly send: () => Promise<Delivery> }

export type Carrier = {
  /** Ways that are known before anything is sent. */
  readonly keys: readonly string[]
  /** What figures and log call a way. */
  readonly name: (key: string) => string
  /** At once, of one key. */
  readonly at_once_max_count: number
  /** One per parcel, in order. */
  readonly load: (parcels: readonly Parcel[]) => Promise<(Load | Delivery)[]>
}

export const isLoad = (one: Load | Delivery): one is Load => 'send' in one

export const carrierOf = (env: Env, service: ServiceName): Carrier => {
  switch (service) {
    case 'email': {
      const settings = readEmailSettings(env)
      return settings ? plain(service, new Email(settings)) : none(service, 'e-mail')
    }
    case 'whatsapp': {
      const settings = readWhatsappSettings(env)
      return settings ? plain(service, new Whatsapp(settings)) : none(service, 'WhatsApp messages')
    }
    case 'webhook':
      return webhooks(env)
  }
}

const plain = (service: ServiceName, channel: Email | Whatsapp): Carrier => ({
  keys: [''],
  name: () => service,
  at_once_max_count: 6,
  load: async (parcels) => parcels.map((parcel) => ({ key: '', send: () => channel.send(parcel) })),
})

const none = (service: ServiceName, what: string): Carrier => ({
  keys: [],
  name: () => service,
  at_once_max_count: 1,
  load: async (parcels) =>
    parcels.map(() => ({ kind: 'refused', reason: `this deployment sends no ${what}` })),
})

const webhooks = (env: Env): Carrier => {
  const rule = readWebhookRule(env)
  const channel = new Webhook()
  const loadFor = (parcel: Parcel, read: Outcome<StoredWebhook | null>): Load | Delivery => {
    if (!read.ok) {
      const { message, retry_after_ms } = read.refusal
      return { kind: 'later', retry_after_ms, reason: message, tried: false }
    }
    if (read.value === null) return { kind: 'refused', reason: 'there is no webhook any more' }
    const { secret } = read.value
    // The rule may have changed since it was registered.
    const url = webhookAddress(rule, read.value.url)
    if (!url) return { kind: 'refused', reason: 'webhooks of this host are not called' }
    const { id, content: body } = parcel
    return { key: url.host, send: () => channel.send({ id, url, secret, body }) }
  }
  return {
    keys: [],
    name: (host) => `webhook:${host}`,
    at_once_max_count: 2,
    load: async (parcels) => {
      const people = [...new Set(parcels.map(({ to }) => to))]
      const asked = people.map(async (user_id) => {
        const read = await askDatabase(env, user_id, 'readWebhook', { user_id })
        return [user_id, read] as const
      })
      const known = new Map(await Promise.all(asked))
      const gone: Outcome<null> = { ok: true, value: null }
      return parcels.map((parcel) => loadFor(parcel, known.get(parcel.to) ?? gone))
    },
  }
}
