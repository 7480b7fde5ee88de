/** The port behind which every outside service stands, and what may come of a delivery (DISP-9). */

export type Delivery =
  | { readonly kind: 'delivered'; readonly provider_id: string | null }
  /** The same again may go better. */
  | {
      readonly kind: 'later'
      readonly retry_after_ms: number | undefined
      readonly reason: string
      /** False where the service did not look at it, which is no attempt of this message. */
      readonly tried: boolean
      /** For the courier; see below. */
      readonly trouble?: Trouble
      /** The service is away for all: no message shall be given up for it. Set by the courier. */
      readonly is_outage?: true
    }
  /** The same again would be refused again. */
  | {
      readonly kind: 'refused'
      readonly reason: string
      /** What the service answered; undefined: it was not asked. */
      readonly status?: number | undefined
      /** The receiver is there no more, and may be forgotten. */
      readonly gone?: true
    }

/**
 * Why it was not taken now. busy: the service asks all of us for patience. receiver: only this
 * receiver has to wait. away: no answer, or one that says that the service is broken. denied: it
 * does not accept who we are, which an operator has to mend. The last two open its circuit.
 */
export type Trouble = 'busy' | 'receiver' | 'away' | 'denied'

export type Channel<Message> = {
  /** Never throws, and ends in a bounded time. */
  send(message: Message): Promise<Delivery>
}

export const serviceNames = ['email', 'whatsapp', 'webhook'] as const
export type ServiceName = (typeof serviceNames)[number]

/** What a courier carries. `id` is the same for each attempt, so that a service can tell repeats. */
export type Parcel = {
  readonly id: string
  /** An address, a phone number in E.164, or the id of the person whose webhook it is. */
  readonly to: string
  /** Text; for a webhook the JSON of its body. */
  readonly content: string
  readonly subject: string | null
  readonly sender_display_name: string
}
