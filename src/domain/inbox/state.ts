/**
 * All that one shard of the inbox remembers: the sockets of its people, and what these people have
 * in the rooms that were heard of lately. Everything here can be rebuilt from the attachments, the
 * list of watched rooms in storage, and the database.
 */
import type { Role } from '../../protocol/member.ts'
import type { Mentioned } from './news.ts'
import type { InboxFacts } from './rows.ts'
import type { InboxSettings } from './settings.ts'

/** Milliseconds since the epoch; always given from outside. */
export type Instant = number

export type SocketId = string

export type InboxState = {
  settings: InboxSettings
  readonly sockets: Map<SocketId, InboxSocket>
  readonly people: Map<string, Person>
  /**
   * Rooms in memory. A room that is watched and not here was not heard of since this instance
   * woke: the first news of it reads everybody's part.
   */
  readonly rooms: Map<string, HeardRoom>
  part_count: number
  /** Rooms that tell this shard their news; as in storage. */
  readonly watched: Set<string>
  /** Rooms that were asked to, without an answer yet. */
  readonly watching: Set<string>
  /** Rooms to be asked again. */
  readonly unanswered: Set<string>
  /** People whose new sockets wait for their greeting, not yet asked for. */
  readonly greeting: Set<string>
  /** Those that the read under way is about; undefined: none is. */
  greeted: ReadonlySet<string> | undefined
  /** People who came or went while their greeting was read: it is read again. */
  readonly outdated: Set<string>
  /** Parts that must be read again, by room: nothing of them is told before that (SEC-2). */
  readonly stale: Map<string, Set<string>>
  isRefreshing: boolean
  /** Read marks asked for on sockets, the furthest of each person and room. */
  readonly marks: Map<string, Mark>
  isMarking: boolean
  marks_at: Instant
  /** Not before then is anything asked that failed. */
  retry_at: Instant
  beat: Beat
  /** The next moment at which a token needs attention; a lower bound. */
  renewal_at: Instant
  /** Whether storage says that an answer is owed, should the memory be lost before it. */
  owed: boolean
  /** While it is, the alarm goes off no later than this: it wakes who died in between. */
  owed_wake_at: Instant
  /** What the attachment of the carrier says, to write it only when it changed. */
  carried: string
  carried_version: number
}

export type InboxSocket = {
  readonly id: SocketId
  readonly user_id: string
  readonly display_name: string
  token_expires_at: Instant
  auth_warned: boolean
  /** Nothing is told to a socket before its `inbox_welcome`. */
  isGreeted: boolean
  bad_frames: number
  /** Sent since the client last answered. */
  unanswered_bytes: number
}

export type Person = {
  readonly sockets: Set<SocketId>
  /** Where this person has a part, among the rooms in memory. */
  readonly rooms: Set<string>
}

export type HeardRoom = {
  /** Undefined: only heard of, not read yet. */
  facts: InboxFacts | undefined
  /** The last revision heard of. */
  heard_revision: number
  /** … of what the room itself has told: what was read may know of later messages. */
  news_revision: number
  /** Parts of connected people, all of them. */
  readonly parts: Map<string, Part>
  /** People who are told that this room is theirs now, once their part is read. */
  readonly joining: Set<string>
  /** Mentions of people whose part is being read. */
  readonly waiting: Map<string, Mentioned[]>
}

/** What one person has in one room. The counts are as of `revision`. */
export type Part = {
  my_role: Role
  read_sequence: number
  unread_count: number
  mention_count: number
  revision: number
  /** Mentions up to here were told, or came with the welcome; the counts may know of later ones. */
  mentioned_revision: number
  /** Something changed that the person has not been told. */
  isUntold: boolean
  /** The room's title, status or severity, or the role, changed untold. */
  owesFacts: boolean
  /** The read mark moved untold. */
  owesRead: boolean
}

export type Mark = {
  readonly room_id: string
  readonly user_id: string
  readonly sequence_number: number
  readonly socket: SocketId
  readonly ref: string | undefined
}

export type Beat = {
  next_at: Instant
  /** When those who have not answered are closed. */
  check_at: Instant | undefined
  readonly awaiting: Set<SocketId>
}

/** What a socket's attachment keeps while the shard sleeps. */
export type InboxAttachment = {
  readonly id: SocketId
  readonly user_id: string
  readonly display_name: string
  readonly token_expires_at: Instant
  readonly isGreeted: boolean
  /** On one socket, the carrier: the shard's heartbeat. */
  readonly beat?: {
    readonly version: number
    readonly next_at: Instant
    readonly check_at: Instant | undefined
    readonly awaiting: readonly SocketId[]
  }
}
