/** A result that may be a refusal: crosses RPC unharmed, where a thrown error would not. */
import type { Refusal } from '../protocol/errors.ts'

export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal }

export const success = <Value>(value: Value): Outcome<Value> => ({ ok: true, value })

export const failure = (refusal: Refusal): Outcome<never> => ({ ok: false, refusal })
