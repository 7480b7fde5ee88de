/**
 * Where a list over many rooms goes on: by time and, within a microsecond, by id. Microseconds
 * since the epoch as text, because JSON and JavaScript would round a time.
 */
import type { Values } from './values.ts'

export type Place = { readonly at_us: string; readonly message_id: string }

/** The instant of a place. @param at a placeholder */
export const instantOf = (at: string): string =>
  `(timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond')`

/** `row` has created_at and message_id; SQL of a jsonb object. */
export const placeJson = (row: string): string =>
  `jsonb_build_object('at_us', (extract(epoch FROM ${row}.created_at) * 1000000)::bigint::text,
    'message_id', ${row}.message_id)`

/** A condition: `row` lies before the place. */
export const liesBefore = (row: string, place: Place, values: Values): string => {
  const [at, id] = [instantOf(values.add(place.at_us)), values.add(place.message_id)]
  // Said twice: an index by time takes the first.
  return `${row}.created_at <= ${at} AND (${row}.created_at, ${row}.message_id) < (${at}, ${id}::uuid)`
}
