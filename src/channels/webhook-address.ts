/**
 * Which addresses are told of outcomes (DISP-5). People name them, so anybody does: only names on
 * the public internet, over TLS, on its usual port (SSRF). What a name resolves to is not known
 * here; on Cloudflare a fetch cannot reach into a private network.
 */
import type { Variables } from '../lib/variables.ts'
import { WEBHOOK_URL_MAX_LENGTH } from '../protocol/limits.ts'
import { isAmong, readHosts } from './host-list.ts'

export type WebhookRule = {
  /** Undefined: any public one. `*.` stands for one name and more. */
  readonly hosts: readonly string[] | undefined
  /** Whether this machine may be named, without TLS and on any port: development only. */
  readonly allows_local: boolean
}

/** @throws SettingsError */
export const readWebhookRule = (variables: Variables): WebhookRule => ({
  hosts: variables.WEBHOOK_HOSTS ? readHosts(variables, 'WEBHOOK_HOSTS') : undefined,
  allows_local: variables.ENVIRONMENT === 'development',
})

/** Undefined where it is none that we send to. */
export const webhookAddress = (rule: WebhookRule, text: string): URL | undefined => {
  const url = text.length > WEBHOOK_URL_MAX_LENGTH ? null : URL.parse(text)
  if (!url || url.username !== '' || url.password !== '') return undefined
  if (isLocal(url.hostname)) return rule.allows_local && isWeb(url) ? url : undefined
  if (url.protocol !== 'https:' || url.port !== '' || !isPublicName(url.hostname)) return undefined
  const { hosts } = rule
  return !hosts || isAmong(hosts, url.hostname) ? url : undefined
}

const isWeb = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:'

const isLocal = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'

/** Ends of names that lead into somebody's own network (RFC 6761, 6762, 8375, ICANN's `internal`). */
const PRIVATE_ENDS = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'arpa',
  'test',
  'invalid',
  'onion',
]

/** `URL` has written every form of an IPv4 address as four numbers. */
const isPublicName = (hostname: string): boolean => {
  const labels = hostname.split('.')
  const end = labels.at(-1) ?? ''
  return labels.length > 1 && /^(xn--[a-z0-9-]+|[a-z]+)$/.test(end) && !PRIVATE_ENDS.includes(end)
}
