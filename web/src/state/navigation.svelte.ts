/** Which screen is open, in step with the browser's history. */
import { createContext } from 'svelte'
import { pathOf, routeOf, type KnownRoute, type Route } from '../routing.ts'

/** Where somebody was reading: this message at this distance from the top of the view. */
export type Place = { readonly message_id: string; readonly offset_px: number }

/** Back leads to places; more entries than anybody goes back. */
const PLACES_KEPT_COUNT = 50

/** Which entry of the browser's history is open, also after a reload. */
const entryNow = (): number => {
  const state: unknown = window.history.state
  return typeof state === 'number' ? state : 0
}

const addressNow = (): string => window.location.pathname + window.location.search

/** Asked before another screen opens; that opens when `leave` is called. */
export type AskBeforeLeaving = (leave: () => void) => void

export class Navigation {
  #route: Route = $state.raw(routeOf(addressNow()))
  #entry = $state(entryNow())
  readonly #places = new Map<number, Place>()
  #ask: AskBeforeLeaving | undefined

  get route(): Route {
    return this.#route
  }

  /** Which entry of the browser's history is open; back and forward lead to known ones. */
  get entry(): number {
    return this.#entry
  }

  /** Where one was reading when one left this entry. */
  placeOf(entry: number): Place | undefined {
    return this.#places.get(entry)
  }

  /** Undefined: at the newest. */
  keepPlace(entry: number, place: Place | undefined): void {
    this.#places.delete(entry)
    if (place !== undefined) this.#places.set(entry, place)
    const [oldest] = this.#places.keys()
    if (this.#places.size > PLACES_KEPT_COUNT && oldest !== undefined) this.#places.delete(oldest)
  }

  /** A link to the message that is open already is followed, too: it may be out of view. */
  go(route: KnownRoute): void {
    const is_here = pathOf(route) === addressNow()
    if (is_here && (route.kind !== 'room' || route.message_id === undefined)) return
    if (this.#ask !== undefined) return this.#ask(() => this.#open(route, is_here))
    this.#open(route, is_here)
  }

  #open(route: KnownRoute, is_here: boolean): void {
    this.#ask = undefined
    if (!is_here) {
      this.#entry += 1
      this.#places.delete(this.#entry)
      window.history.pushState(this.#entry, '', pathOf(route))
    }
    this.#route = route
  }

  /** Like `go`, in place of the present entry of the browser's history. */
  replace(route: KnownRoute): void {
    window.history.replaceState(this.#entry, '', pathOf(route))
    this.#route = route
  }

  /**
   * Something on this screen would be lost: every way out of it, back and forward too, asks first,
   * until one leaves or the result is called.
   */
  hold(ask: AskBeforeLeaving): () => void {
    this.#ask = ask
    return () => {
      if (this.#ask === ask) this.#ask = undefined
    }
  }

  /** Follows back and forward until the returned function is called. */
  start(): () => void {
    const onPop = () => {
      const steps = entryNow() - this.#entry
      if (this.#ask !== undefined && steps !== 0) return this.#askToGo(steps, this.#ask)
      this.#entry = entryNow()
      this.#route = routeOf(addressNow())
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }

  /** The browser has gone already: it is taken back, and goes again once it may. */
  #askToGo(steps: number, ask: AskBeforeLeaving): void {
    window.history.go(-steps)
    ask(() => {
      this.#ask = undefined
      window.history.go(steps)
    })
  }

  /** For links: a plain click stays in the page, everything else is the browser's. */
  follow(event: MouseEvent, route: KnownRoute): void {
    const is_plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (!is_plain || event.altKey) return
    event.preventDefault()
    this.go(route)
  }
}

export const [getNavigation, setNavigation] = createContext<Navigation>()
