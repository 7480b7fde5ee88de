/**
 * Which addresses we send pushes to. An endpoint comes from a browser, so from anybody: only the
 * hosts of push services are asked, and nothing else of the network (SSRF).
 */
import { isAmong } from './host-list.ts'
import type { PushSettings } from './push-settings.ts'

const LOCAL = ['localhost', '127.0.0.1']

/** Undefined where it is none that we send to. */
export const pushEndpoint = (settings: PushSettings, endpoint: string): URL | undefined => {
  const url = URL.parse(endpoint)
  if (!url || url.username !== '' || url.password !== '') return undefined
  const isLocal = LOCAL.includes(url.hostname)
  const isSecure = url.protocol === 'https:' && (url.port === '' || isLocal)
  const mayBeOpen = url.protocol === 'http:' && isLocal && settings.allows_local_http
  if (!isSecure && !mayBeOpen) return undefined
  return isAmong(settings.hosts, url.hostname) ? url : undefined
}
