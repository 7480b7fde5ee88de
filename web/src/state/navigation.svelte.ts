/** Which screen is open, in step with the browser's history. */
import { createContext } from 'svelte'
import { pathOf, routeOf, type KnownRoute, type Route } from '../routing.ts'

const addressNow = (): string => window.location.pathname + window.location.search

export class Navigation {
  #route: Route = $state.raw(routeOf(addressNow()))

  get route(): Route {
    return this.#route
  }

  /** A link to the message that is open already is followed, too: it may be out of view. */
  go(route: KnownRoute): void {
    const is_here = pathOf(route) === addressNow()
    if (is_here && (route.kind !== 'room' || route.message_id === undefined)) return
    if (!is_here) window.history.pushState(null, '', pathOf(route))
    this.#route = route
  }

  /** Like `go`, in place of the present entry of the browser's history. */
  replace(route: KnownRoute): void {
    window.history.replaceState(null, '', pathOf(route))
    this.#route = route
  }

  /** Follows back and forward until the returned function is called. */
  start(): () => void {
    const onPop = () => {
      this.#route = routeOf(addressNow())
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
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
