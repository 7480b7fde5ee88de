/**
 * At which addresses senders may be told what became of their messages (DISP-5). The address comes
 * from anybody, so it must name a host of the public internet, or one that the operator lists (SSRF).
 */
import { SettingsError, type Variables } from '../lib/variables.ts'

export type WebhookRule = {
  /** `*.` stands for one name and more. Undefined: every public host. */
  readonly hosts: readonly string[] | undefined
  /** Whether this machine may be called, and without TLS: development only. */
  readonly allows_local: boolean
}

/** @throws SettingsError */
export const readWebhookRule = ({ WEBHOOK_HOSTS, ENVIRONMENT }: Variables): WebhookRule => ({
  hosts: WEBHOOK_HOSTS ? readHosts(WEBHOOK_HOSTS) : undefined,
  allows_local: ENVIRONMENT === 'development',
})

/** Undefined where it is none that is called. */
export const webhookAddress = (rule: WebhookRule, text: string): URL | undefined => {
  const url = URL.parse(text)
  if (!url || url.username !== '' || url.password !== '') return undefined
  if (rule.allows_local && LOCAL.includes(url.hostname)) return isHttp(url) ? url : undefined
  if (url.protocol !== 'https:' || !isPublic(url.hostname)) return undefined
  const { hosts } = rule
  return hosts === undefined || hosts.some((host) => covers(host, url.hostname)) ? url : undefined
}

const LOCAL = ['localhost', '127.0.0.1']

const isHttp = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:'

/**
 * A name with a dot whose end is one of the public internet's. The parser has written every form
 * of an IPv4 address with four numbers, and an IPv6 address in brackets.
 */
const isPublic = (hostname: string): boolean => {
  const labels = hostname.replace(/\.$/, '').split('.')
  const end = labels.at(-1) ?? ''
  return labels.length > 1 && /^[a-z][a-z0-9-]*$/.test(end) && !PRIVATE.includes(end)
}

/** Of RFC 6761, RFC 6762, RFC 8375 and ICANN: what no public server has. */
const PRIVATE = ['localhost', 'local', 'internal', 'arpa', 'test', 'invalid', 'onion', 'lan']

const covers = (host: string, hostname: string): boolean =>
  host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host

const readHosts = (text: string): string[] => {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase())
  const bad = hosts.find((host) => !/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host))
  if (bad === undefined) return hosts
  throw new SettingsError(
    `WEBHOOK_HOSTS has "${bad}"; it must be a list of hosts such as hooks.example.com,*.example.com`,
  )
}
