/**
 * Calls a sender's webhook (DISP-5), signed by Standard Webhooks 1.0
 * (https://www.standardwebhooks.com): its receiver can tell that it comes from us, when, and
 * whether it has come before.
 */
import { Webhook as Signer } from 'standardwebhooks'
import type { Channel, Delivery } from './channel.ts'
import { post } from './post.ts'
import { receiverBusy, silent, sortStatus } from './sort-status.ts'

const NAME = 'the webhook'

const GONE = 410

export type WebhookCall = {
  /** The same for each attempt. */
  readonly id: string
  /** One that `webhookAddress` allows. */
  readonly url: URL
  /** `whsec_…` */
  readonly secret: string
  /** JSON. */
  readonly body: string
}

export class Webhook implements Channel<WebhookCall> {
  async send({ id, url, secret, body }: WebhookCall): Promise<Delivery> {
    // Each attempt has its own time, or a receiver would take a late one for a replay.
    const now = new Date()
    const signature = signed(secret, { id, now, body })
    if (signature === undefined) return { kind: 'refused', reason: `${NAME}'s secret is none` }
    const answer = await post(url, {
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': signature,
      },
      body,
    })
    if (answer.kind === 'silent') return silent(answer, NAME)
    const sorted = sortStatus(answer, NAME)
    // A receiver in the middle of a deploy answers anything; only this says that it wants no more.
    return sorted.kind === 'refused' && answer.status !== GONE
      ? receiverBusy(sorted.reason)
      : sorted
  }
}

const signed = (
  secret: string,
  { id, now, body }: { readonly id: string; readonly now: Date; readonly body: string },
): string | undefined => {
  try {
    return new Signer(secret).sign(id, now, body)
  } catch {
    return undefined
  }
}
