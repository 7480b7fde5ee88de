/**
 * How a report reads the room: it asks for one page of rows at a time, and whoever runs it answers.
 * So a report of any length holds one page, and nothing is read before it is wanted.
 */
import type { Role } from '../../protocol/member.ts'
import type { Message } from '../../protocol/message.ts'

/** Everybody who was ever a member, and everybody who said something in the range. */
export type PersonRow = {
  readonly user_id: string
  readonly display_name: string
  /** As of the report's revision; null for those who left and those who never belonged. */
  readonly role: Role | null
  readonly was_member: boolean
  /** Said in the range; what the server itself said is left out. */
  readonly messages: number
  readonly first_sequence: number | null
  readonly first_at: string | null
  readonly last_sequence: number | null
  readonly last_at: string | null
}

type TimelineEntry = {
  readonly revision: number
  /** Of the message that tells of it; null for a change without one. */
  readonly sequence_number: number | null
  readonly at: string
  readonly actor_name: string
}

export type TimelineRow = TimelineEntry &
  (
    | { readonly kind: 'message_pinned'; readonly message: Message }
    | { readonly kind: 'room_created' }
    | { readonly kind: 'room_updated'; readonly payload: Readonly<Record<string, unknown>> }
    | {
        readonly kind: 'member_added' | 'member_role_changed' | 'member_removed'
        readonly actor_id: string
        readonly subject_id: string
        readonly subject_name: string
        /** Null for a removal. */
        readonly role: Role | null
      }
  )

export type ReadingRow = {
  readonly sequence_number: number
  readonly at: string
  readonly sender_name: string
  readonly data: Readonly<Record<string, unknown>>
}

export type AttachmentRow = {
  readonly sequence_number: number
  readonly at: string
  readonly sender_name: string
  readonly file_id: string
  readonly name: string
  readonly content_type: string
  readonly size_bytes: number
}

export type TranscriptRow = {
  readonly message: Message
  /** Of the message that it replies to. */
  readonly reply_sequence: number | null
}

type Rows = {
  people: PersonRow
  timeline: TimelineRow
  readings: ReadingRow
  attachments: AttachmentRow
  transcript: TranscriptRow
}

export type ReportSection = keyof Rows

export type PageAsk = {
  readonly section: ReportSection
  /** `next` of the page before; null: the first page. */
  readonly after: string | null
}

export type PageOf<Section extends ReportSection> = {
  readonly section: Section
  readonly rows: readonly Rows[Section][]
  /** Null after the last page. */
  readonly next: string | null
}

export type ReportPage = { [Section in ReportSection]: PageOf<Section> }[ReportSection]

/** Text to be written, or a page to be read and given back. */
export type ReportSteps<Result = void> = Generator<string | PageAsk, Result, ReportPage | undefined>

/** All rows of a section, page after page; what `render` makes of a page is written at once. */
export function* eachPage<Section extends ReportSection>(
  section: Section,
  render: (rows: readonly Rows[Section][]) => string,
): ReportSteps {
  let after: string | null = null
  do {
    const page: PageOf<Section> = given(section, yield { section, after })
    const text = render(page.rows)
    if (text !== '') yield text
    after = page.next
  } while (after !== null)
}

const given = <Section extends ReportSection>(
  section: Section,
  page: ReportPage | undefined,
): PageOf<Section> => {
  if (page?.section !== section) throw new Error(`the report was not given a page of ${section}`)
  return page as PageOf<Section>
}
