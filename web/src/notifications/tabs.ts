/**
 * Several tabs of one person: which of them tells. A tab in front holds the lock `focused`, and of
 * the others the holder of `leader` speaks. Locks end with their tab, however it ends.
 */

/** Who turns from tab to tab leaves none in front for a moment; nothing may be lost in it. */
const FOCUS_SETTLE_MS = 400

export type OtherTabs = {
  readonly is_another_tab_focused: boolean
  readonly is_leader: boolean
}

export class Tabs {
  readonly #leader: string
  readonly #focused: string
  readonly #life = new AbortController()
  #is_leader = false
  #letGoOfFocus: (() => void) | undefined

  constructor(user_id: string) {
    this.#leader = `muster.notify.leader.${user_id}`
    this.#focused = `muster.notify.focused.${user_id}`
  }

  /** Takes part until the result is called. */
  start(): () => void {
    const { signal } = this.#life
    void this.#lead()
    const onFocus = () => this.#setFocused(isFocused())
    window.addEventListener('focus', onFocus, { signal })
    window.addEventListener('blur', onFocus, { signal })
    document.addEventListener('visibilitychange', onFocus, { signal })
    onFocus()
    return () => {
      this.#life.abort()
      this.#setFocused(false)
    }
  }

  async others(): Promise<OtherTabs> {
    // Without locks, as in old browsers, every tab speaks: better twice than never.
    if (!hasLocks()) return { is_another_tab_focused: false, is_leader: true }
    this.#setFocused(isFocused())
    if (await this.#isAnotherFocused())
      await new Promise((settled) => setTimeout(settled, FOCUS_SETTLE_MS))
    const is_another_tab_focused = await this.#isAnotherFocused()
    return { is_another_tab_focused, is_leader: this.#is_leader }
  }

  async #isAnotherFocused(): Promise<boolean> {
    if (isFocused()) return false
    const { held = [] } = await navigator.locks.query()
    return held.some(({ name }) => name === this.#focused) && !isFocused()
  }

  async #lead(): Promise<void> {
    if (!hasLocks()) return
    const { signal } = this.#life
    await navigator.locks
      .request(this.#leader, { signal }, () => {
        this.#is_leader = true
        return new Promise<void>((end) => signal.addEventListener('abort', () => end()))
      })
      .catch(() => {})
  }

  #setFocused(is_focused: boolean): void {
    if (!hasLocks() || is_focused === (this.#letGoOfFocus !== undefined)) return
    if (!is_focused) {
      this.#letGoOfFocus?.()
      this.#letGoOfFocus = undefined
      return
    }
    const lost = new Promise<void>((letGo) => (this.#letGoOfFocus = letGo))
    // Shared: windows side by side may both think they are in front for a moment.
    void navigator.locks.request(this.#focused, { mode: 'shared' }, () => lost)
  }
}

export const isFocused = (): boolean =>
  document.visibilityState === 'visible' && document.hasFocus()

const hasLocks = (): boolean => 'locks' in navigator
