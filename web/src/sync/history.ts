/**
 * Which messages of a room are held, page by page (API-1, WEB-3, WEB-8): history above the newest,
 * and places further away, shown as a stretch of their own until it meets the timeline again. Who
 * the timeline belongs to decides what becomes of it; this only asks, and says what to show.
 */
import { PAGE_DEFAULT_COUNT } from '../../../src/protocol/limits.ts'
import type { MessagePage } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import type { Api, Failure, HistoryQuery, Result } from './api.ts'
import { backoffDelay } from './backoff.ts'
import type { Cancel, Clock } from './clock.ts'
import { changedStretch, endOf, joined, rejoined, stretchOf, type Stretch } from './stretch.ts'
import {
  hasOlder,
  isPageUsable,
  keepNewest,
  mergeMessages,
  missingBefore,
  type Timeline,
} from './timeline.ts'

/** How one end of what is held stands: the page that is asked for, or why it did not come. */
export type EndState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** A place away from the newest messages, which more is loaded around in both directions. */
export type Away = {
  readonly messages: Stretch
  readonly older: EndState
  readonly newer: EndState
}

export type Pages = {
  /** The older end of the timeline. */
  readonly history: EndState
  /** Shown in place of the timeline, while there is one. */
  readonly away: Away | undefined
}

export type Arrival =
  | { readonly kind: 'shown' }
  /** No such message, or none that one may read. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Somebody wanted to go elsewhere meanwhile. */
  | { readonly kind: 'superseded' }

export type HistoryOptions = {
  readonly room_id: string
  readonly api: Pick<Api, 'messages' | 'message'>
  readonly clock: Clock
  readonly random: () => number
  readonly timeline: () => Timeline
  readonly setTimeline: (timeline: Timeline) => void
  readonly onChange: (pages: Pages) => void
}

/** Messages kept while the newest are in view; more than a screen shows, few enough to be light. */
export const TIMELINE_KEPT_COUNT = 400

/** Who scrolls goes on scrolling, so a page beyond the first is larger. */
export const FURTHER_PAGE_COUNT = 100

export const freshPages: Pages = { history: { kind: 'loading' }, away: undefined }

const idle: EndState = { kind: 'idle' }
const loading: EndState = { kind: 'loading' }
/** What a replica that lags behind leaves out will be there soon. */
const lagging: Failure = { code: 'unavailable', detail: '' }

export class History {
  readonly #options: HistoryOptions
  #pages = freshPages
  /** Raised when a snapshot replaces all; pages asked for before it no longer fit. */
  #generation = 0
  /** Raised when another place is wanted, or none. */
  #wanted = 0
  /** Raised when the stretch is another one; pages for the one before no longer fit. */
  #place = 0
  #page_failures = 0
  #cancelRetry: Cancel = () => {}
  #closed = false

  constructor(options: HistoryOptions) {
    this.#options = options
  }

  close(): void {
    this.#closed = true
    this.#cancelRetry()
  }

  /** The page above the oldest message shown; also the retry after a failure. */
  loadOlder(): void {
    const { away, history } = this.#pages
    const timeline = this.#options.timeline()
    const oldest = timeline.messages[0]?.sequence_number ?? timeline.last_sequence + 1
    if (away !== undefined) void this.#extend('older')
    else if (history.kind !== 'loading' && hasOlder(timeline)) void this.#loadPage(oldest)
  }

  /** The page below the newest message shown, away from the timeline; also the retry. */
  async loadNewer(): Promise<void> {
    await this.#extend('newer')
  }

  /** Loads what is absent between the messages held; a fresh page starts with the newest. */
  fillMissing(): void {
    const before_sequence = missingBefore(this.#options.timeline())
    if (before_sequence !== undefined) void this.#loadPage(before_sequence)
    else if (this.#pages.history.kind === 'loading') this.#set({ history: idle })
  }

  /** Lets go of far history; only while the newest messages are in view. */
  forgetFar(): void {
    const timeline = this.#options.timeline()
    const kept = keepNewest(timeline, TIMELINE_KEPT_COUNT)
    if (kept !== timeline) this.#options.setTimeline(kept)
  }

  /** Shows the stretch around a message, or the timeline if it is there. */
  async goToMessage(message_id: string): Promise<Arrival> {
    const wanted = (this.#wanted += 1)
    if (this.#isShown((message) => message.message_id === message_id)) return { kind: 'shown' }
    const found = await this.#options.api.message(this.#options.room_id, message_id)
    if (this.#closed || wanted !== this.#wanted) return { kind: 'superseded' }
    if (found.ok) return this.#goAround(found.value.sequence_number)
    const { failure } = found
    const is_missing = ['not_found', 'forbidden', 'bad_request'].includes(failure.code)
    return is_missing ? { kind: 'missing' } : { kind: 'failed', failure }
  }

  async goToSequence(sequence_number: number): Promise<Arrival> {
    this.#wanted += 1
    if (this.#isShown((message) => message.sequence_number === sequence_number))
      return { kind: 'shown' }
    return this.#goAround(sequence_number)
  }

  /** Back to the newest messages. */
  leave(): void {
    this.#wanted += 1
    this.#place += 1
    if (this.#pages.away !== undefined) this.#set({ away: undefined })
  }

  onMessageChange(change: MessageChange): void {
    const { away } = this.#pages
    if (away !== undefined)
      this.#set({ away: { ...away, messages: changedStretch(away.messages, change) } })
  }

  /** What changed before the snapshot was not told, so a stretch has to be read again. */
  onSnapshot(): void {
    this.#generation += 1
    this.#set({ history: idle })
    const { away } = this.#pages
    if (away === undefined) return
    this.#wanted += 1
    const middle = away.messages[away.messages.length >> 1] ?? away.messages[0]
    void this.#goAround(middle.sequence_number).then((arrival) => {
      if (arrival.kind === 'failed') this.leave()
    })
  }

  /** The timeline grew: it may have met the stretch. */
  rejoin(): void {
    const { away } = this.#pages
    if (away === undefined) return
    const timeline = rejoined(this.#options.timeline(), away.messages)
    if (timeline === undefined) return
    this.#place += 1
    this.#set({ away: undefined })
    this.#options.setTimeline(timeline)
  }

  #isShown(matches: (message: Stretch[0]) => boolean): boolean {
    if (this.#pages.away?.messages.some(matches) === true) return true
    if (!this.#options.timeline().messages.some(matches)) return false
    this.leave()
    return true
  }

  async #goAround(sequence_number: number): Promise<Arrival> {
    const wanted = this.#wanted
    const result = await this.#ask({ limit: PAGE_DEFAULT_COUNT, around: sequence_number })
    if (this.#closed || wanted !== this.#wanted) return { kind: 'superseded' }
    if (!result.ok) return { kind: 'failed', failure: result.failure }
    const messages = stretchOf(this.#options.timeline(), result.value.messages)
    const is_there = messages?.some((message) => message.sequence_number === sequence_number)
    if (messages === undefined || is_there !== true) return { kind: 'failed', failure: lagging }
    this.#place += 1
    this.#set({ away: { messages, older: idle, newer: idle } })
    this.rejoin()
    return { kind: 'shown' }
  }

  async #extend(end: 'older' | 'newer'): Promise<void> {
    const { away } = this.#pages
    if (away === undefined || away[end].kind === 'loading') return
    const [first] = away.messages
    if (end === 'older' && first.sequence_number === 1) return
    const place = this.#place
    this.#set({ away: { ...away, [end]: loading } })
    const result = await this.#ask({
      limit: FURTHER_PAGE_COUNT,
      ...(end === 'older'
        ? { before_sequence: first.sequence_number }
        : { after_sequence: endOf(away.messages) }),
    })
    const now = this.#pages.away
    if (this.#closed || place !== this.#place || now === undefined) return
    const page = result.ok && stretchOf(this.#options.timeline(), result.value.messages)
    const messages =
      page && (end === 'older' ? joined(page, now.messages) : joined(now.messages, page))
    const failure = result.ok ? lagging : result.failure
    if (messages) this.#set({ away: { ...now, messages, [end]: idle } })
    else this.#set({ away: { ...now, [end]: { kind: 'failed', failure } } })
    this.rejoin()
  }

  async #loadPage(before_sequence: number): Promise<void> {
    const generation = this.#generation
    const is_first = this.#options.timeline().messages.length === 0
    const limit = is_first ? PAGE_DEFAULT_COUNT : FURTHER_PAGE_COUNT
    this.#cancelRetry()
    this.#set({ history: loading })
    const result = await this.#ask({ limit, before_sequence })
    if (this.#closed || generation !== this.#generation) return
    if (!result.ok) return this.#onPageFailed(result.failure)
    const timeline = mergeMessages(this.#options.timeline(), result.value.messages)
    this.#options.setTimeline(timeline)
    const has_come = timeline.messages.some((m) => m.sequence_number === before_sequence - 1)
    if (!has_come) return this.#onPageFailed(lagging)
    this.#page_failures = 0
    this.#set({ history: idle })
    this.rejoin()
    this.fillMissing()
  }

  /**
   * Asks again when more changes passed meanwhile than are remembered. Before the position is
   * known nothing is asked: changes between the page and the position would never be told.
   */
  async #ask(query: HistoryQuery): Promise<Result<MessagePage>> {
    for (;;) {
      const asked_revision = this.#options.timeline().last_revision
      if (asked_revision === undefined) return { ok: false, failure: lagging }
      const result = await this.#options.api.messages(this.#options.room_id, query)
      if (this.#closed || !result.ok) return result
      if (isPageUsable(this.#options.timeline(), asked_revision)) return result
    }
  }

  /** Shown with a Retry; a page that is needed to close a gap is also asked for again by itself. */
  #onPageFailed(failure: Failure): void {
    this.#set({ history: { kind: 'failed', failure } })
    if (missingBefore(this.#options.timeline()) === undefined) return
    const delay_ms = backoffDelay(this.#page_failures, this.#options.random)
    this.#page_failures += 1
    this.#cancelRetry = this.#options.clock.after(delay_ms, () => this.fillMissing())
  }

  #set(change: Partial<Pages>): void {
    if (this.#closed) return
    this.#pages = { ...this.#pages, ...change }
    this.#options.onChange(this.#pages)
  }
}
