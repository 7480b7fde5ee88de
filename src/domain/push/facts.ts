/** What the database knows of a push to come, read anew at each attempt (SEC-2, MSG-8). */
import type { MessageType } from '../../protocol/message.ts'
import type { NotificationLevel, QuietHours } from '../../protocol/notification.ts'

export type PushFacts = {
  readonly room_title: string
  /** Of the range asked for, without notices and without what was deleted; oldest first. */
  readonly said: readonly Said[]
  /** Of the most that any member of the room wants who can be pushed to. */
  readonly wants: NotificationLevel
  /** Whom some of it may concern, in the order of their ids. */
  readonly people: readonly Candidate[]
}

export type Said = {
  readonly message_id: string
  readonly sequence_number: number
  readonly sender_id: string
  readonly sender_display_name: string
  readonly message_type: MessageType
  /** The beginning of its words; those beside a file may be missing. */
  readonly words: string
  readonly data: Readonly<Record<string, unknown>> | null
  readonly file_name: string | null
  readonly sent_at: string
}

/** A member with browsers that can be reached. */
export type Candidate = {
  readonly user_id: string
  /** For this room. */
  readonly level: NotificationLevel
  readonly quiet_hours: QuietHours | null
  readonly read_sequence: number
  /** Sequence numbers of what was said to them by others. */
  readonly mentioned_in: readonly number[]
  readonly subscriptions: readonly Subscription[]
}

export type Subscription = {
  readonly subscription_id: string
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
  /** Since when it is this person's. */
  readonly since: string
  /** When it was last registered, to the microsecond. */
  readonly renewed_at: string
}
