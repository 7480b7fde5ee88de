/**
 * The one-way messages that this person posted, kept in step (DISP-6, WEB-9): the inbox says that
 * something became of some of them, one request then reads the rows in view that may have changed.
 * However much happens there is one request at a time, with a rest between two.
 */
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { OneWayPage, OneWayTracking } from '../../../src/protocol/one-way.ts'
import type { Api, Failure, Result } from '../sync/api.ts'
import type { Cancel, Clock } from '../sync/clock.ts'
import { emptyList, PagedList, type PagedState } from '../sync/paged-list.ts'
import { withFrame, type RunTally } from './run-tally.ts'
import { noFilters, type SentFilters } from './sent-filters.ts'
import { isFinal, withOutcomes, withPage } from './tracked-range.ts'

/** More than fit on a screen, few enough to be read again and again. */
export const SENT_PAGE_COUNT = 50

/** Between two readings, however much is told. */
export const REFRESH_REST_MS = 2_000

/** Retries come and go without a word; as long as some are in view they are looked after. */
export const REFRESH_ANYWAY_MS = 15_000

export type SentState = {
  readonly found: PagedState<OneWayTracking>
  readonly tally: RunTally | undefined
}

export type SentListOptions = {
  readonly api: Pick<Api, 'oneWayMessages' | 'retryOneWay'>
  readonly clock: Clock
  /** Whether anybody can see it. */
  readonly isVisible: () => boolean
  readonly onState: (state: SentState) => void
}

export class SentList {
  readonly #options: SentListOptions
  readonly #list: PagedList<OneWayTracking>
  readonly #in_view = new Set<string>()
  #filters = noFilters
  #found: PagedState<OneWayTracking> = emptyList
  #tally: RunTally | undefined
  #cancelRefresh: Cancel | undefined
  #cancelTick: Cancel = () => {}
  #is_refreshing = false
  #is_wanted = false
  #refreshed_at = Number.NEGATIVE_INFINITY
  #is_closed = false

  constructor(options: SentListOptions) {
    this.#options = options
    this.#list = new PagedList((found) => this.#set({ found }))
  }

  open(filters: SentFilters): void {
    this.#filters = filters
    this.#in_view.clear()
    this.#list.ask(async (cursor) => {
      const result = await this.#read(filters, cursor)
      if (!result.ok) return result
      const { messages, pagination } = result.value
      return { ok: true, value: { items: messages, next_cursor: pagination.next_before } }
    })
  }

  more(): void {
    this.#list.more()
  }

  retry(): void {
    this.#list.retry()
  }

  /** Looks after what is in view until the result is called. */
  start(): () => void {
    this.#is_closed = false
    this.#tick()
    return () => {
      this.#is_closed = true
      this.#cancelTick()
      this.#cancelRefresh?.()
      this.#cancelRefresh = undefined
    }
  }

  see(tracking_id: string, is_in_view: boolean): void {
    if (is_in_view) this.#in_view.add(tracking_id)
    else this.#in_view.delete(tracking_id)
  }

  onFrame(frame: InboxDownFrame): void {
    // What happened while there was no connection is not told again.
    if (frame.type === 'inbox_welcome') this.refreshSoon()
    if (frame.type !== 'one_way') return
    this.#set({ tally: withFrame(this.#tally, frame, this.#options.clock.now()) })
    const { items } = this.#found
    if (items !== undefined) this.#list.show(withOutcomes(items, frame.outcomes))
    this.refreshSoon()
  }

  /** A dead one. Returns why not. */
  async sendAgain(tracking_id: string): Promise<Failure | undefined> {
    const result = await this.#options.api.retryOneWay(tracking_id)
    if (!result.ok) return result.failure
    const items = this.#found.items?.map((message) =>
      message.tracking_id === tracking_id ? result.value : message,
    )
    if (items !== undefined) this.#list.show(items)
    this.refreshSoon()
    return undefined
  }

  refreshSoon(): void {
    this.#is_wanted = true
    if (this.#is_closed || this.#is_refreshing || this.#cancelRefresh !== undefined) return
    const rested_ms = this.#options.clock.now() - this.#refreshed_at
    const wait_ms = Math.max(0, REFRESH_REST_MS - rested_ms)
    this.#cancelRefresh = this.#options.clock.after(wait_ms, () => {
      this.#cancelRefresh = undefined
      void this.#refresh()
    })
  }

  async #refresh(): Promise<void> {
    this.#is_wanted = false
    const range = this.#range()
    if (range === undefined) return
    const filters = this.#filters
    this.#is_refreshing = true
    const result = await this.#read(filters, range.before)
    this.#is_refreshing = false
    this.#refreshed_at = this.#options.clock.now()
    if (result.ok && filters === this.#filters) this.#take(range.before, result.value)
    if (this.#is_wanted) this.refreshSoon()
  }

  #take(before: string | undefined, { messages, pagination }: OneWayPage): void {
    const { items, work } = this.#found
    if (items === undefined || work.kind === 'loading') return
    const merged = withPage(items, { before, messages, has_more: pagination.has_more })
    if (merged !== undefined) this.#list.show(merged)
    else this.#list.show(messages, pagination.next_before)
  }

  /** From the first row in view that may have changed; at the top there may be new ones. */
  #range(): { readonly before: string | undefined } | undefined {
    const { items } = this.#found
    if (items === undefined) return undefined
    const [newest] = items
    if (newest === undefined || this.#in_view.has(newest.tracking_id)) return { before: undefined }
    const first = items.findIndex((message) => this.#mayChange(message))
    return first < 0 ? undefined : { before: items[first - 1]?.tracking_id }
  }

  #mayChange({ tracking_id, status }: OneWayTracking): boolean {
    return this.#in_view.has(tracking_id) && !isFinal(status)
  }

  #tick(): void {
    this.#cancelTick = this.#options.clock.after(REFRESH_ANYWAY_MS, () => {
      const is_open = this.#found.items?.some((message) => this.#mayChange(message))
      if (is_open && this.#options.isVisible()) this.refreshSoon()
      this.#tick()
    })
  }

  #read({ status, to }: SentFilters, before: string | undefined): Promise<Result<OneWayPage>> {
    return this.#options.api.oneWayMessages(
      new URLSearchParams({
        limit: String(SENT_PAGE_COUNT),
        ...(status === '' ? {} : { status }),
        ...(to === '' ? {} : { recipient_type: to }),
        ...(before === undefined ? {} : { before }),
      }),
    )
  }

  #set(change: Partial<SentState>): void {
    this.#found = change.found ?? this.#found
    this.#tally = change.tally ?? this.#tally
    this.#options.onState({ found: this.#found, tally: this.#tally })
  }
}
