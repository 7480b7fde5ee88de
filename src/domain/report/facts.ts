/** What a report is of: the room as of one revision, and what was asked of the report (API-6). */
import type { RoomDetails } from '../../protocol/room.ts'
import type { ReportLanguage } from './words.ts'

/** Times of messages, and event times of pins: `from` is part of the range, `to` is not. */
export type ReportRange = {
  /** RFC 3339 in UTC; null: from the beginning. */
  readonly from: string | null
  /** Null: to the end. */
  readonly to: string | null
}

export type ReportOptions = ReportRange & {
  /** IANA name. */
  readonly time_zone: string
  readonly language: ReportLanguage
  readonly transcript: boolean
}

export type ReportFacts = {
  /** Its `last_revision` is the one that the whole report is as of. */
  readonly room: RoomDetails
  /** Of that revision, in hex: whoever has the chain can tell that the report is of it (SEC-4). */
  readonly last_hash: string
  /** When its status last became so; null: never. */
  readonly resolved_at: string | null
  readonly archived_at: string | null
  readonly counts: ReportCounts
}

/** Of the messages in the range. */
export type ReportCounts = {
  readonly messages: number
  readonly edited: number
  readonly deleted: number
  /** Readings and attachments that were not deleted. */
  readonly readings: number
  readonly attachments: number
  /** 0 where there are no messages. */
  readonly first_sequence: number
  readonly last_sequence: number
}
