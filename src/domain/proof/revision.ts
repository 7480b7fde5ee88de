/** A revision, read from the very text that its hash is made of: what is believed is what was hashed. */
import type { RevisionRow } from './rows.ts'

export type Revision = {
  readonly revision: number
  readonly kind: string
  readonly change_id: string
  readonly message_id: string | null
  readonly actor_id: string
  /** Microseconds since the epoch. */
  readonly at: number
  readonly payload: Readonly<Record<string, unknown>>
}

/** Undefined where it is not of this shape. */
export const revisionOf = (row: RevisionRow): Revision | undefined => {
  const parts: unknown = JSON.parse(row.canonical)
  if (!Array.isArray(parts)) return undefined
  const [, revision, kind, change_id, actor_id, at, payload] = parts as unknown[]
  if (typeof revision !== 'number' || typeof at !== 'number') return undefined
  if (typeof kind !== 'string' || typeof actor_id !== 'string') return undefined
  if (typeof change_id !== 'string' || !isRecord(payload)) return undefined
  return { revision, kind, change_id, message_id: row.message_id, actor_id, at, payload }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
