/** Reads one field's numbers out of a room's record, further back than the page holds. */
import { PAGE_MAX_COUNT } from '../../../src/protocol/limits.ts'
import type { Api, Failure } from '../sync/api.ts'
import { seriesOf, type ReadingPoint } from './series.ts'

/** As many as a chart can show apart. */
export const POINTS_MAX_COUNT = 5 * PAGE_MAX_COUNT

export type LoadedPoints = {
  readonly points: readonly ReadingPoint[]
  readonly has_more: boolean
  /** Why what is missing is missing. */
  readonly failure: Failure | undefined
}

export const loadPoints = async (
  api: Pick<Api, 'readings'>,
  room_id: string,
  path: string,
): Promise<LoadedPoints> => {
  const pages: (readonly ReadingPoint[])[] = []
  let before_sequence: number | undefined
  for (let count = 0; count < POINTS_MAX_COUNT; count += PAGE_MAX_COUNT) {
    const parameters = new URLSearchParams({ limit: String(PAGE_MAX_COUNT) })
    parameters.set(`data.${path}`, 'exists:true')
    if (before_sequence !== undefined) parameters.set('before_sequence', String(before_sequence))
    const result = await api.readings(room_id, parameters)
    if (!result.ok) return { points: pages.flat(), has_more: true, failure: result.failure }
    const { messages, pagination } = result.value
    pages.unshift(seriesOf(messages.toReversed()).get(path) ?? [])
    if (!pagination.has_more || pagination.next_before_sequence === null)
      return { points: pages.flat(), has_more: false, failure: undefined }
    before_sequence = pagination.next_before_sequence
  }
  return { points: pages.flat(), has_more: true, failure: undefined }
}
