/**
 * Tells whether a key belongs to an input method (WEB-10): Chinese, Japanese and Korean are
 * composed, and the Enter that picks a candidate must not send. Browsers tell in three ways:
 * `isComposing`, key code 229, and in Safari neither, because there `compositionend` comes before
 * the key that ended it — hence the flag that lives a little longer.
 */

/** Safari's keydown follows `compositionend` within this; a person's next Enter does not. */
export const AFTER_COMPOSITION_MS = 50

/** What is read of a key event. */
export type ComposedKey = Pick<KeyboardEvent, 'isComposing' | 'keyCode' | 'timeStamp'>

export class CompositionGuard {
  #is_composing = false
  #ended_at = -Infinity

  /** Whether something is being composed that is not written yet. */
  get is_composing(): boolean {
    return this.#is_composing
  }

  isComposing(event: ComposedKey): boolean {
    return (
      event.isComposing ||
      event.keyCode === 229 ||
      this.#is_composing ||
      event.timeStamp - this.#ended_at < AFTER_COMPOSITION_MS
    )
  }

  started(): void {
    this.#is_composing = true
  }

  ended(time_stamp: number): void {
    this.#is_composing = false
    this.#ended_at = time_stamp
  }

  /** A Svelte attachment: follows the element's compositions while it is mounted. */
  readonly attach = (element: HTMLElement): (() => void) => {
    const listening = new AbortController()
    const { signal } = listening
    element.addEventListener('compositionstart', () => this.started(), { signal })
    element.addEventListener('compositionend', (event) => this.ended(event.timeStamp), { signal })
    return () => listening.abort()
  }
}
