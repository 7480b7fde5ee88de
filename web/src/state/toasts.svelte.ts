/** Short notes over the page about what happens elsewhere; they go by themselves. */
import { createContext } from 'svelte'
import type { KnownRoute } from '../routing.ts'
import type { Cancel, Clock } from '../sync/clock.ts'

/** More would cover what one is working on; the oldest goes first. */
export const TOASTS_MAX_COUNT = 3

/** Long enough to read two lines in a hurry. */
export const TOAST_TTL_MS = 8_000

export type Toast = {
  /** One per key: a newer one takes its place. */
  readonly key: string
  readonly heading: string
  readonly text: string
  readonly kind: ToastKind
  readonly is_urgent: boolean
  /** Where a click leads, if anywhere. */
  readonly route?: KnownRoute
}

/** `limit`: the server asked this person to wait. */
export type ToastKind = 'mention' | 'message' | 'notice' | 'one_way' | 'limit'

export class Toasts {
  readonly #clock: Clock
  #list: readonly Toast[] = $state.raw([])
  #is_held = false
  #cancels = new Map<string, Cancel>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get list(): readonly Toast[] {
    return this.#list
  }

  show(toast: Toast): void {
    const others = this.#list.filter(({ key }) => key !== toast.key)
    const kept = others.slice(-(TOASTS_MAX_COUNT - 1))
    for (const { key } of others) if (!kept.some((one) => one.key === key)) this.#stop(key)
    this.#list = [...kept, toast]
    this.#expire(toast.key)
  }

  dismiss(key: string): void {
    this.#stop(key)
    this.#list = this.#list.filter((toast) => toast.key !== key)
  }

  /** While somebody points at them or is among them by keyboard, none goes. */
  hold(is_held: boolean): void {
    if (this.#is_held === is_held) return
    this.#is_held = is_held
    for (const { key } of this.#list) this.#expire(key)
  }

  close(): void {
    for (const { key } of this.#list) this.#stop(key)
    this.#list = []
  }

  #expire(key: string): void {
    this.#stop(key)
    if (this.#is_held) return
    this.#cancels.set(
      key,
      this.#clock.after(TOAST_TTL_MS, () => this.dismiss(key)),
    )
  }

  #stop(key: string): void {
    this.#cancels.get(key)?.()
    this.#cancels.delete(key)
  }
}

export const [getToasts, setToasts] = createContext<Toasts>()
