/** What a stand-in for an outside service is told to do, and tells; also for tests that run elsewhere. */

export type Service = 'email' | 'whatsapp' | 'webhook'

export const services: readonly Service[] = ['email', 'whatsapp', 'webhook']

export type Behaviour =
  | { readonly kind: 'take' }
  /** Breaks off every connection. */
  | { readonly kind: 'down' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Takes it, and its answer is lost. */
  | { readonly kind: 'lose_answer' }
  /** In the service's own form. */
  | {
      readonly kind: 'refuse'
      readonly status: number
      /** The name of an error of Resend, a code of WhatsApp. */
      readonly code?: string | number
      readonly retry_after?: string
      /** To this receiver alone. */
      readonly to?: string
    }
  | { readonly kind: 'limit'; readonly per_second: number }

export type Arrival = {
  readonly service: Service
  /** By what name the service knows it. */
  readonly id: string
  /** What tells repeats; null: this service knows none. */
  readonly key: string | null
  readonly at: string
  readonly to: string
  readonly subject: string | null
  readonly text: string
  /** Of an e-mail: of all that was asked for, to tell a repeat from another request. */
  readonly hash?: string
  /** Of a webhook: whether its signature was checked. */
  readonly is_signed?: boolean
}

export type Told = {
  /** All that were asked for, taken or not. */
  readonly attempts: number
  /** At each of these, how many were under way with it. */
  readonly under_way: readonly number[]
  /** Those taken, oldest first. */
  readonly arrivals: readonly Arrival[]
  /** What was wrong with requests. */
  readonly problems: readonly string[]
}

/** What the stand-ins ask for; to real ones these are nothing. */
export const fakeAccount = {
  email_api_key: 're_stand-in',
  email_from: 'Muster <muster@example.com>',
  whatsapp_access_token: 'EAAG-stand-in',
  whatsapp_phone_number_id: '106540352242922',
}
