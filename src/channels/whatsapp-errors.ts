/**
 * What the codes of the WhatsApp Cloud API mean for a message. It says itself that codes count, and
 * neither the status nor the words beside them
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes).
 */
import type { Delivery } from './channel.ts'
import { away, busy, denied, receiverBusy } from './sort-status.ts'

const NAME = 'WhatsApp'

/** Our number has sent too much for now. */
const THROUGHPUT_PAUSE_MS = 2_000

/** Of an app or an account; counted by the hour. */
const ACCOUNT_PAUSE_MS = 60_000

/** One number hears from us about every six seconds at most. */
const PAIR_PAUSE_MS = 10_000

/** The service is broken or overloaded. */
const AWAY = [1, 2, 131000, 131016, 133004]

/** Who we are, what we may, what we owe: an operator has to mend it. */
const DENIED = [0, 3, 10, 33, 190, 131005, 131031, 131042, 131045]

const REFUSED: Readonly<Record<number, string>> = {
  100: 'it found a parameter invalid',
  368: 'this deployment is blocked for a violation of its policies',
  130472: 'the number is part of an experiment',
  130497: 'this deployment may not write to people in that country',
  131008: 'it misses a parameter',
  131009: 'it found a parameter invalid',
  131021: 'the number is the one that we send from',
  131026: 'the number cannot get it: it is not on WhatsApp, or has not agreed to its terms',
  131030: 'the number is not among those that this deployment may write to',
  131047: 'the last message from that number is more than 24 hours old, and there is no template',
  131048: 'too many messages of this deployment were marked as spam',
  131049: 'it holds it back for the good of its receiver',
  131051: 'it does not know this kind of message',
  132000: 'the template has other parameters',
  132001: 'there is no such template in that language',
  132005: 'the text is too long for the template',
  132007: 'the template violates its policies',
  132012: 'the template has parameters of another form',
  132015: 'the template is paused',
  132016: 'the template is disabled',
}

/** Undefined: an unknown code; let the status decide. */
export const whatsappError = (
  code: number,
  {
    status,
    retry_after_ms,
  }: { readonly status: number; readonly retry_after_ms: number | undefined },
): Delivery | undefined => {
  switch (code) {
    case 4:
    case 80007:
      return busy(`${NAME} has had too many calls (${code})`, retry_after_ms ?? ACCOUNT_PAUSE_MS)
    case 130429:
      return busy(
        `${NAME} has had too many at once (${code})`,
        retry_after_ms ?? THROUGHPUT_PAUSE_MS,
      )
    case 131056:
      return receiverBusy(
        `too many messages to this number (${code})`,
        retry_after_ms ?? PAIR_PAUSE_MS,
      )
  }
  if (AWAY.includes(code)) return away(`${NAME} does not work now (${code})`, retry_after_ms)
  if (DENIED.includes(code) || (code >= 200 && code <= 299))
    return denied('whatsapp', code, `${NAME} does not accept this deployment (${code})`)
  const why = REFUSED[code]
  return why === undefined
    ? undefined
    : { kind: 'refused', reason: `${NAME} refused it: ${why} (${code})`, status }
}
