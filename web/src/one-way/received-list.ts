/**
 * The one-way messages to this person (DISP-1): page by page, new ones on top as the inbox tells
 * them. What was in view for a moment is read; it stays marked as new until one leaves.
 */
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { Notice } from '../../../src/protocol/one-way.ts'
import type { Api, Failure } from '../sync/api.ts'
import type { Cancel, Clock } from '../sync/clock.ts'
import { emptyList, PagedList, type PagedState } from '../sync/paged-list.ts'

export const RECEIVED_PAGE_COUNT = 30

/** What is seen in one go is told in one go. */
export const SEEN_PAUSE_MS = 500

export type ReceivedListOptions = {
  readonly api: Pick<Api, 'notices' | 'readNotice' | 'readAllNotices'>
  readonly clock: Clock
  readonly onState: (found: PagedState<Notice>) => void
  readonly onUnreadCount: (count: number) => void
}

export class ReceivedList {
  readonly #options: ReceivedListOptions
  readonly #list: PagedList<Notice>
  readonly #seen = new Set<string>()
  readonly #untold = new Set<string>()
  #found: PagedState<Notice> = emptyList
  #unread_count = 0
  #cancelTelling: Cancel | undefined

  constructor(options: ReceivedListOptions) {
    this.#options = options
    this.#list = new PagedList((found) => {
      this.#found = found
      options.onState(found)
    })
  }

  open(): void {
    this.#list.ask(async (cursor) => {
      const result = await this.#options.api.notices(
        new URLSearchParams({
          limit: String(RECEIVED_PAGE_COUNT),
          ...(cursor === undefined ? {} : { before: cursor }),
        }),
      )
      if (!result.ok) return result
      const { notices, unread_count, pagination } = result.value
      this.#count(unread_count)
      return { ok: true, value: { items: notices, next_cursor: pagination.next_before } }
    })
  }

  more(): void {
    this.#list.more()
  }

  retry(): void {
    this.#list.retry()
  }

  onFrame(frame: InboxDownFrame): void {
    const { items } = this.#found
    // Some may have come while there was no connection.
    if (frame.type === 'inbox_welcome' && items !== undefined) this.open()
    if (frame.type !== 'notice' || items === undefined) return
    const { notice } = frame
    if (items.some(({ notice_id }) => notice_id === notice.notice_id)) return
    this.#unread_count += 1
    this.#list.show([notice, ...items].toSorted(newestFirst))
  }

  /** It was in view for long enough. */
  see(notice: Notice): void {
    if (notice.read_at !== null || this.#seen.has(notice.notice_id)) return
    this.#seen.add(notice.notice_id)
    this.#untold.add(notice.notice_id)
    this.#cancelTelling?.()
    this.#cancelTelling = this.#options.clock.after(SEEN_PAUSE_MS, () => void this.#tellSeen())
  }

  /** Everything down to the oldest. Returns why not. */
  async readAll(): Promise<Failure | undefined> {
    const newest = this.#found.items?.[0]
    if (newest === undefined) return undefined
    const result = await this.#options.api.readAllNotices(newest.notice_id)
    if (!result.ok) return result.failure
    this.#count(result.value.unread_count)
    const read_at = new Date(this.#options.clock.now()).toISOString()
    const items = this.#found.items ?? []
    const isUnread = ({ notice_id, read_at: read }: Notice) =>
      read === null && notice_id <= newest.notice_id
    this.#list.show(items.map((notice) => (isUnread(notice) ? { ...notice, read_at } : notice)))
    return undefined
  }

  /** What was seen and not told is told; nothing more is heard. */
  close(): void {
    if (this.#cancelTelling === undefined) return
    this.#cancelTelling()
    void this.#tellSeen()
  }

  /** One by one: the older ones further down may not have been seen. */
  async #tellSeen(): Promise<void> {
    this.#cancelTelling = undefined
    const told = [...this.#untold]
    this.#untold.clear()
    for (const notice_id of told) {
      const result = await this.#options.api.readNotice(notice_id)
      // It is seen again, here or on the next visit.
      if (!result.ok) this.#seen.delete(notice_id)
      else this.#markRead(result.value)
    }
  }

  #markRead(notice: Notice): void {
    const held = this.#found.items?.find(({ notice_id }) => notice_id === notice.notice_id)
    if (held?.read_at !== null) return
    this.#list.show((this.#found.items ?? []).map((one) => (one === held ? notice : one)))
    this.#count(this.#unread_count - 1)
  }

  #count(count: number): void {
    this.#unread_count = Math.max(0, count)
    this.#options.onUnreadCount(this.#unread_count)
  }
}

/** Ids are UUIDv7. */
const newestFirst = (one: Notice, other: Notice): number =>
  one.notice_id < other.notice_id ? 1 : -1
