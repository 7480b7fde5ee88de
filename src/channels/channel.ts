/** The port behind which every outside service stands, and what may come of a delivery (DISP-9). */

export type Delivery =
  | { readonly kind: 'delivered'; readonly provider_id: string | null }
  /** Busy, away, or its circuit is open: the same again may go better. */
  | {
      readonly kind: 'later'
      readonly retry_after_ms: number | undefined
      readonly reason: string
      /** False where the service was not asked at all, which is no attempt. */
      readonly tried: boolean
    }
  /** The same again would be refused again. */
  | { readonly kind: 'refused'; readonly reason: string }

export type Channel<Message> = {
  /** Never throws, and ends in a bounded time. */
  send(message: Message): Promise<Delivery>
}

export type ServiceName = 'email' | 'whatsapp' | 'webhook'

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
