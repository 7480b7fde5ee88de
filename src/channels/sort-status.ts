/** What the status of an answer means, where the service says no more about it. */
import { log } from '../telemetry/log.ts'
import type { Delivery } from './channel.ts'
import type { PostAnswer } from './post.ts'

/** Who is asked for patience and is not told how long waits so long. */
const BUSY_MS = 2_000

/** @param name of the service, for people: "the e-mail service" */
export const sortStatus = (
  {
    status,
    retry_after_ms,
  }: { readonly status: number; readonly retry_after_ms?: number | undefined },
  name: string,
): Delivery => {
  if (status >= 200 && status < 300) return { kind: 'delivered', provider_id: null }
  const reason = `${name} answered ${status}`
  // A service that says when to come again works.
  if (status === 429 || (status === 503 && retry_after_ms !== undefined))
    return busy(reason, retry_after_ms)
  if (status === 408 || status === 425 || status >= 500) return away(reason, retry_after_ms)
  return { kind: 'refused', reason, status }
}

export const silent = ({ reason }: PostAnswer & { kind: 'silent' }, name: string): Delivery =>
  away(`${name} ${reason}`)

/** It did not look at the message: no attempt of this one. */
export const busy = (reason: string, retry_after_ms = BUSY_MS): Delivery => ({
  ...{ kind: 'later', retry_after_ms, reason, tried: false, trouble: 'busy' },
})

export const away = (reason: string, retry_after_ms?: number): Delivery => ({
  ...{ kind: 'later', retry_after_ms, reason, tried: true, trouble: 'away' },
})

export const receiverBusy = (reason: string, retry_after_ms?: number): Delivery => ({
  ...{ kind: 'later', retry_after_ms, reason, tried: true, trouble: 'receiver' },
})

/** Ours to mend: no attempt of this message, and an error in the log. */
export const denied = (service: string, code: string | number, reason: string): Delivery => {
  log.error('service_denied', { service, code })
  return { kind: 'later', retry_after_ms: undefined, reason, tried: false, trouble: 'denied' }
}
