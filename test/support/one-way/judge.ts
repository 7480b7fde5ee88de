/**
 * The history checker of the burst lane: what posters were told, held against what the room has in
 * the end (DISP-2, DISP-6, DISP-7, DISP-11, SEQ-1, SEQ-6). It knows nothing of how the server keeps
 * its promises.
 */
import type { MessageRow, RoomRows } from '../history/rows.ts'
import type { Posted } from './poster.ts'

export type OneWayViolation = {
  readonly kind:
    /** Accepted, and neither in its room nor ended with a reason. */
    | 'lost'
    /** In the room although it was never accepted, or was rejected. */
    | 'unasked'
    /** Accepted, and still under way when all was quiet. */
    | 'unfinished'
    /** One posting, two messages; or two postings, one message. */
    | 'duplicate'
    /** The status says something else than the row. */
    | 'status_contradicts_row'
    | 'row_contradicts_posted'
    /** Of one sender, one room and one priority the earlier accepted has the later number. */
    | 'reorder'
  readonly evidence: string
}

/**
 * @param posted all that was posted to this room
 * @param order by what one sender's messages are in order: `accepted` where they were posted at
 * the same time, `posted` where each waited for the answer to the one before
 */
export function oneWayViolations(
  posted: readonly Posted[],
  rows: RoomRows,
  order: 'accepted' | 'posted' = 'accepted',
): OneWayViolation[] {
  const byKey = new Map(
    rows.messages.map((row) => [keyOf(row.sender_id, row.client_message_id), row]),
  )
  const rowOf = ({ sender_id, idempotency_key }: Posted) =>
    byKey.get(keyOf(sender_id, idempotency_key))
  return [
    ...posted.flatMap((one) => outcomeViolations(one, rowOf(one))),
    ...repeated(posted),
    ...orderViolations(posted, { rowOf, order }),
  ]
}

type RowOf = (posted: Posted) => MessageRow | undefined

function keyOf(sender_id: string, client_message_id: string): string {
  return JSON.stringify([sender_id, client_message_id])
}

function outcomeViolations(posted: Posted, row: MessageRow | undefined): OneWayViolation[] {
  const { tracking_id, outcome, content, idempotency_key } = posted
  const what = `${posted.sender_id}: ${idempotency_key}`
  if (tracking_id === undefined)
    return row === undefined || posted.answers[0] !== undefined
      ? []
      : [{ kind: 'unasked', evidence: `${what} was refused and is number ${row.sequence_number}` }]
  switch (outcome?.status) {
    case 'committed':
      break
    case 'rejected':
      return row === undefined
        ? []
        : [{ kind: 'unasked', evidence: `${what} was rejected and is ${row.sequence_number}` }]
    default: {
      const evidence = `${what} (${tracking_id}) is ${outcome?.status ?? 'not known'}`
      return [{ kind: outcome === undefined ? 'lost' : 'unfinished', evidence }]
    }
  }
  if (row === undefined) return [{ kind: 'lost', evidence: `${what} (${tracking_id}) has no row` }]
  const { message } = outcome
  const isSame =
    message?.message_id === row.message_id &&
    message.sequence_number === row.sequence_number &&
    message.revision === row.revision
  if (!isSame)
    return [{ kind: 'status_contradicts_row', evidence: `${what} is ${row.sequence_number}` }]
  return row.content === content
    ? []
    : [{ kind: 'row_contradicts_posted', evidence: `${what} has another text` }]
}

function repeated(posted: readonly Posted[]): OneWayViolation[] {
  const seen = new Map<string, Posted>()
  return posted.flatMap((one): OneWayViolation[] => {
    if (one.tracking_id === undefined) return []
    const other = seen.get(one.tracking_id)
    seen.set(one.tracking_id, one)
    if (!other) return []
    const evidence = `${one.idempotency_key} and ${other.idempotency_key} are ${one.tracking_id}`
    return [{ kind: 'duplicate', evidence }]
  })
}

function orderViolations(
  posted: readonly Posted[],
  { rowOf, order }: { readonly rowOf: RowOf; readonly order: 'accepted' | 'posted' },
): OneWayViolation[] {
  const streams = Map.groupBy(posted, ({ sender_id, priority }) => `${sender_id} ${priority}`)
  return [...streams.values()].flatMap((stream) => {
    const inOrder = stream
      .filter(({ tracking_id }) => tracking_id !== undefined)
      .toSorted((one, other) =>
        order === 'posted'
          ? one.place - other.place
          : (one.tracking_id ?? '').localeCompare(other.tracking_id ?? ''),
      )
    let last = 0
    return inOrder.flatMap((one): OneWayViolation[] => {
      const sequence = rowOf(one)?.sequence_number ?? last
      const evidence = `${one.sender_id}: ${one.idempotency_key} is ${sequence}, after ${last}`
      if (sequence < last) return [{ kind: 'reorder', evidence }]
      last = sequence
      return []
    })
  })
}
