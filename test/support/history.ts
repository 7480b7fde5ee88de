/**
 * The history checker: what clients sent and heard, held against what Postgres has in the end.
 * It knows the promises of the wire (MSG-2, MSG-3, CONN-4, CONN-5, SEQ-1, SEQ-6, SEC-4) and
 * nothing of how the server keeps them. Whoever records a history is `client.ts`; the rows come
 * from `history/rows.ts`.
 */
import type { DownFrame } from '../../src/protocol/down.ts'
import { receiverViolations } from './history/receivers.ts'
import { rowViolations, type RoomRows } from './history/rows.ts'
import { senderViolations } from './history/senders.ts'

/** Everything one client did and saw of one room, in its own order. */
export type ClientHistory = {
  /** Names it in the evidence. */
  readonly name: string
  readonly user_id: string
  readonly events: ClientEvent[]
  /** It listened until all was quiet: it must have heard everything and been answered. */
  stayed: boolean
}

export type ClientEvent =
  | {
      readonly type: 'connected'
      readonly connection: number
      /** What it asked to go on from; undefined: from wherever the room is. */
      readonly since_revision: number | undefined
    }
  /** Once per attempt: a message sent again is here again. */
  | {
      readonly type: 'sent'
      readonly connection: number
      readonly client_message_id: string
      readonly content: string
    }
  | { readonly type: 'received'; readonly connection: number; readonly frame: DownFrame }

export type ViolationKind =
  /** Acked, or heard by somebody, and not in Postgres. */
  | 'lost'
  | 'uncommitted'
  /** Twice at one receiver, or twice in Postgres. */
  | 'duplicate'
  /** A number is missing: in Postgres, or at a receiver within the range that it was connected. */
  | 'gap'
  | 'reorder'
  /** One connection's messages are not numbered in the order in which they were sent. */
  | 'send_order'
  /** An ack, or a frame, says something else than the row. */
  | 'ack_contradicts_row'
  | 'frame_contradicts_row'
  | 'acks_differ'
  /** Committed, but not as it was sent. */
  | 'row_contradicts_sent'
  /** Neither acked nor refused. */
  | 'unanswered'
  | 'incomplete_resume'
  | 'broken_chain'

export type Violation = { readonly kind: ViolationKind; readonly evidence: string }

/** Everything that is wrong, in no particular order; empty where every promise was kept. */
export function violationsOf(clients: readonly ClientHistory[], rows: RoomRows): Violation[] {
  return [
    ...rowViolations(rows),
    ...receiverViolations(clients, rows),
    ...senderViolations(clients, rows),
  ]
}
