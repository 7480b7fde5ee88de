/** What the tests' push service is told to do, and tells. */
import type { PushPayload } from '../../src/protocol/push.ts'

/** What it answers to a push; `hang`: nothing, ever. */
export type Behaviour =
  | { readonly kind: 'take' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'refuse'; readonly status: number; readonly retry_after?: string }

export type Push = {
  readonly payload: PushPayload
  readonly ttl: number
  readonly urgency: string | undefined
  readonly topic: string | undefined
  readonly claims: { readonly aud: string; readonly sub: string; readonly exp: number }
  /** Of the body as it came. */
  readonly bytes: number
}
