/**
 * All that a room's actor remembers. Everything here can be rebuilt from the sockets' attachments
 * and the database, because the object may sleep or die between any two inputs.
 */
import type { Change } from '../../protocol/change.ts'
import type { Refusal } from '../../protocol/errors.ts'
import type { Member } from '../../protocol/member.ts'
import type { Message } from '../../protocol/message.ts'
import type { RoomDetails } from '../../protocol/room.ts'
import type { BudgetFigures } from '../limits/lease.ts'
import type { Activity } from './activity.ts'
import type { Budgets } from './budget-figures.ts'
import type { Bursts } from './burst.ts'
import type { CommitItem, ItemResult } from './commit.ts'
import type { Degrading } from './degrading.ts'
import type { Input } from './input.ts'
import type { MentionNames } from './mentions.ts'
import type { Pushing } from './pushing.ts'
import type { Reading } from './reading.ts'
import type { ReadTelling } from './read-telling.ts'
import type { RoomSettings } from './settings.ts'

/** Milliseconds since the epoch; always given from outside. */
export type Instant = number

export type SocketId = string

export type RoomState = {
  /** As they are now: see `configured.ts`. */
  settings: RoomSettings
  /** Names this live instance to the database (SEQ-3). */
  readonly instance: string
  record: RoomRecord
  /** Sockets that the last instance left in the middle of something: they start again, at once. */
  readonly restarting: SocketId[]
  readonly sockets: Map<SocketId, Socket>
  /** Who is online: the sockets of each person (PRES-1). */
  readonly people: Map<string, Set<SocketId>>
  /** People whose last socket is gone, until the grace is over (PRES-1). */
  readonly leaving: Map<string, Leaving>
  /** When each typist is forgotten (PRES-3). */
  readonly typing: Map<string, Instant>
  /** The list of typists was last told then; the next telling is due then, if one is. */
  typing_told_at: Instant
  typing_due_at: Instant | undefined
  /** The FIFO: what waits for its commit, the in-flight ones first. */
  readonly pending: Pending[]
  pending_bytes: number
  /** What came by the burst lane and waits for its commit (DISP-7). */
  readonly bursts: Bursts
  commit: CommitPhase
  /** How many items the call before carried. */
  previous_count: number
  outage: Outage | undefined
  /** Whether the database was told that this instance owns the room. */
  claimed: boolean
  replay: Replay
  beat: Beat
  /** The next moment at which a token needs attention; a lower bound. */
  renewal_at: Instant
  /** When the first of the sockets that have changes held back may hear them. */
  greeting_at: Instant | undefined
  /** When the next digest of presence is due, if one is (more people than are told singly). */
  presence_digest_at: Instant | undefined
  /** Bytes broadcast to every live socket since this instance woke: the ruler of lag. */
  broadcast_bytes: number
  lag_checked_bytes: number
  /** What the inbox has yet to hear (INBOX-1). */
  readonly activity: Activity
  /** What pushes have yet to hear (WEB-5). */
  readonly pushing: Pushing
  /** What people may write without asking, and what waits for that (LIM-1). */
  readonly budgets: Budgets
  /** Read marks on their way to the database (INBOX-2). */
  readonly reading: Reading
  /** Read marks that the room's sockets have yet to hear of. */
  readonly read_telling: ReadTelling
  /** What is left out for a while, and whether the database is away (LIM-2, LIM-3). */
  readonly degrading: Degrading
  /** What the attachment of the carrier says, to write it only when it changed. */
  carried: string
  carried_version: number
}

/** What the database knows of the room, as far as this instance has told it to its sockets. */
export type RoomRecord =
  | {
      readonly phase: 'unknown'
      /** Where the sockets that outlived the last instance stand; undefined: there are none. */
      readonly told_revision: number | undefined
    }
  | {
      readonly phase: 'loading'
      readonly told_revision: number | undefined
      /** Inputs that need the record, in order. */
      readonly waiting: Input[]
      waiting_bytes: number
    }
  | KnownRecord

export type KnownRecord = {
  readonly phase: 'known'
  details: RoomDetails
  readonly members: Map<string, Member>
  /** The last change told to the live sockets. */
  sequence: number
  revision: number
  /** Encoded changes, contiguous, ending at `revision`. */
  recent: RecentChange[]
  recent_bytes: number
  /** By what names a text may mention the members; made when first needed (MSG-10). */
  names: MentionNames | undefined
  /** When the members' display names were last read, or asked for (DB-6). */
  names_read_at: Instant
}

/** A change encoded as its frame, with what is needed to take words out of it (MSG-8). */
export type RecentChange = {
  readonly revision: number
  readonly text: string
  readonly message_id: string | undefined
  readonly is_deletion: boolean
}

/** Of a person's connection to the room. */
export type Socket = {
  readonly id: SocketId
  readonly user_id: string
  readonly display_name: string
  readonly is_admin: boolean
  /** Several frames in one WebSocket message (CONN-12). */
  readonly batch: boolean
  readonly connected_at: Instant
  token_expires_at: Instant
  auth_warned: boolean
  phase: SocketPhase
  state: 'active' | 'idle'
  last_seen_at: Instant
  /** Value of `broadcast_bytes` up to which this client is known to have read. */
  read_bytes: number
  probe: Probe | undefined
  bad_frames: number
}

export type SocketPhase =
  /** Welcomed; may still name a revision in its first frame. Changes are held back until then. */
  | { readonly kind: 'greeting'; readonly until: Instant; readonly held: RecentChange[] }
  /** Waits for a replay that ends at `upto`; later changes are held back (CONN-4). */
  | {
      readonly kind: 'joining'
      readonly since: number
      readonly upto: number
      readonly held: RecentChange[]
    }
  /** Waits for a snapshot of the room as it was at `upto`; later changes are held back. */
  | {
      readonly kind: 'starting_over'
      readonly upto: number
      readonly upto_sequence: number
      readonly held: RecentChange[]
    }
  | { readonly kind: 'live' }

/** A ping that the client has not answered yet. */
export type Probe = { readonly at: Instant; readonly broadcast_bytes: number }

export type Leaving = { readonly display_name: string; readonly until: Instant }

/** One item of the FIFO and whom to tell. */
export type Pending = {
  readonly item: CommitItem
  readonly bytes: number
  /** When it came, and when it took its place: between the two it was paid. */
  readonly received_at: Instant
  readonly queued_at: Instant
  /** Names in its text that are nobody's (MSG-10). */
  readonly unknown_mentions: readonly string[]
  readonly origin:
    | { readonly kind: 'socket'; readonly socket: SocketId; readonly ref: string | undefined }
    | { readonly kind: 'request'; readonly request: string }
}

export type CommitPhase =
  | { readonly kind: 'idle' }
  /** For a moment, for the others who spoke in the call before (see `gather_ms`). */
  | { readonly kind: 'gathering' }
  /**
   * One call at a time. The first `count` of the FIFO travel in it, or the next `count` of the first
   * burst that waits.
   */
  | {
      readonly kind: 'in_flight'
      readonly lane: Lane
      readonly count: number
      readonly sent_at: Instant
    }
  /** The database was away; asked again at `at`. */
  | { readonly kind: 'waiting'; readonly at: Instant }
  /** Reading what other writers did, before asking again (SEQ-3). */
  | { readonly kind: 'catching_up' }

/** What people say, or what systems post in bursts. */
export type Lane = 'said' | 'burst'

/** The database has not answered, so many times in a row. */
export type Outage = {
  readonly attempts: number
  readonly since: Instant
  readonly code: 'database_busy' | 'unavailable'
}

/** One read of older changes at a time, for all sockets that wait (CONN-5). */
export type Replay =
  | { readonly kind: 'idle' }
  | { readonly kind: 'reading'; readonly after: number; readonly upto: number }

export type Beat = {
  next_at: Instant
  /** When those who have not answered are closed. */
  check_at: Instant | undefined
  readonly awaiting: Set<SocketId>
}

/** What a REST caller gets back for its item. */
export type Reply =
  | {
      readonly ok: true
      readonly result: ItemResult
      readonly message: Message | undefined
      /** What of its mentions reached nobody (MSG-10). */
      readonly dropped_mentions: readonly string[]
      readonly budget?: BudgetFigures | undefined
    }
  | {
      readonly ok: false
      readonly refusal: Refusal
      /** Undefined where nothing was to be paid, or the limiter never said. */
      readonly budget?: BudgetFigures | undefined
    }

/** What a load of the record brings. */
export type RoomSnapshot = {
  readonly details: RoomDetails
  readonly members: readonly Member[]
  /** The last changes, contiguous, ending at `details.last_revision`. */
  readonly recent: readonly Change[]
}
