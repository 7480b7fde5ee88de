/** What a room asks the database to write, and what it may answer. The wire of the commit call. */
import type { Change } from '../../protocol/change.ts'
import type { ErrorCode, Refusal } from '../../protocol/errors.ts'
import type { FileDetails } from '../../protocol/file.ts'
import type { Role } from '../../protocol/member.ts'
import type { MessageType } from '../../protocol/message.ts'
import type { UpdateRoom } from '../../protocol/room.ts'

type By = {
  /** The writer's id of this change (UUIDv7); a message's is its message_id. */
  readonly change_id: string
  readonly actor_id: string
}

export type MessageItem = By & {
  readonly kind: 'message'
  readonly client_message_id: string
  /** Words or a caption; empty for `incident_data`, whose readings are the data. */
  readonly content: string
  readonly data: Record<string, unknown> | null
  readonly message_type: MessageType
  /** Who is asked for; of them the database keeps the members. */
  readonly mentions: readonly string[]
  readonly reply_to: string | null
  readonly file_id: string | null
  /** Lexemes in the form of a `tsvector`; null: found by nothing. */
  readonly search: string | null
}

/** What can happen to a message after it was said (MSG-7, 8, 9, 11). */
export type MessageChangeItem = By & { readonly message_id: string } & (
    | {
        readonly kind: 'message_edited'
        readonly content: string
        readonly mentions: readonly string[]
        readonly search: string | null
        /** How long after it was said an edit is accepted. */
        readonly window_ms: number
      }
    | { readonly kind: 'message_deleted' | 'message_unpinned' }
    | { readonly kind: 'reaction_added' | 'reaction_removed'; readonly emoji: string }
    /** Null: when it was said, or as it is pinned already. */
    | { readonly kind: 'message_pinned'; readonly event_at: string | null }
  )

/** What can happen to the room and its members. Each is also said in the room (API-4). */
export type RoomChangeItem = By & {
  /** Of the system message that says it. */
  readonly message_id: string
} & (
    | {
        readonly kind: 'member_added' | 'member_role_changed'
        readonly user_id: string
        readonly role: Role
      }
    | { readonly kind: 'member_removed' | 'ownership_transferred'; readonly user_id: string }
    | { readonly kind: 'room_updated'; readonly changes: UpdateRoom }
  )

export type CommitItem = MessageItem | MessageChangeItem | RoomChangeItem

/** By what its writer knows it, and the log names it. */
export const itemId = (item: CommitItem): string =>
  item.kind === 'message' ? item.client_message_id : item.change_id

/** One per item, in order. */
export type ItemResult =
  | {
      readonly status: 'committed'
      readonly sequence_number: number
      readonly revision: number
      readonly created_at: string
      readonly sender_display_name: string
      readonly mentions: readonly string[]
      /** Of the file that it refers to. */
      readonly file: FileDetails | null
    }
  | {
      /** MSG-3: committed before; this is the first result. */
      readonly status: 'duplicate'
      readonly message_id: string
      readonly sequence_number: number
      readonly revision: number
      readonly created_at: string
    }
  /** changed: its revisions are among the changes. repeated: they were before. */
  | { readonly status: 'changed' | 'unchanged' | 'repeated' }
  | { readonly status: 'refused'; readonly code: ErrorCode; readonly message: string }
  /** Nothing was written of this item nor of any after it. */
  | { readonly status: 'conflict' | 'superseded' | 'room_gone' }

export type CommitRequest = {
  readonly room_id: string
  /** This live instance of the room's actor; fences any other (SEQ-3). */
  readonly owner: string
  readonly claim: boolean
  readonly expected_revision: number
  readonly items: readonly CommitItem[]
  readonly in_group: boolean
  /** By which the logs of the room and of its gateway name this call. */
  readonly call_id?: string
}

/** Messages that share one transaction (DISP-7). */
export type BurstRequest = Omit<CommitRequest, 'in_group'>

export type CommitOutcome =
  | {
      readonly kind: 'answered'
      readonly results: readonly ItemResult[]
      /** Revisions the caller did not know or that are not plain messages, oldest first. */
      readonly changes: readonly Change[]
      /** How much the gateway leaves out (LIM-2); absent: it did not say. */
      readonly level?: number
    }
  /** No connection, so nothing was sent: it may be tried again as if for the first time. */
  | {
      readonly kind: 'not_sent'
      readonly code: 'database_busy' | 'unavailable'
      /** The gateway knows that the database is away, and did not try. */
      readonly circuit?: 'open'
    }
  /** Sent, and no answer came: any of the items may be committed (SEQ-4). */
  | { readonly kind: 'unknown' }

/** Changes after a revision, and where the room stands. */
export type ReadChanges =
  | {
      readonly ok: true
      readonly changes: readonly Change[]
      readonly last_sequence: number
      readonly last_revision: number
    }
  | { readonly ok: false }

/** Messages of the burst lane for one room, to be written in one transaction (DISP-7). */
export type BurstReply =
  | {
      readonly ok: true
      /** One per item, in order. */
      readonly results: readonly ItemResult[]
      /** How the room fares (LIM-2). */
      readonly level: number
    }
  /** Nothing is known to be written; the same items may be sent again. */
  | { readonly ok: false; readonly refusal: Refusal }
