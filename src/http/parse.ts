/** What a caller sent, against its schema; the first field that is wrong is named (API-1). */
import * as z from 'zod/mini'
import { refusal, type Refusal } from '../protocol/errors.ts'

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal; readonly field?: string | undefined }

export const parse = <Value>(schema: z.ZodMiniType<Value>, input: unknown): Parsed<Value> => {
  const result = z.safeParse(schema, input)
  if (result.success) return { ok: true, value: result.data }
  const issue = result.error.issues[0]
  const field = issue?.path.map(String).join('.') || undefined
  const message = issue?.message ?? 'is invalid'
  return {
    ok: false,
    refusal: refusal('bad_request', field === undefined ? message : `${field}: ${message}`),
    field,
  }
}
