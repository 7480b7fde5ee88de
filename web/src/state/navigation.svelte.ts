/** Which screen is open, in step with the browser's history. */
import { createContext } from 'svelte'
import { pathOf, routeOf, type Route } from '../routing.ts'

export class Navigation {
  #route: Route = $state.raw(routeOf(window.location.pathname))

  get route(): Route {
    return this.#route
  }

  go(route: Exclude<Route, { kind: 'unknown' }>): void {
    if (pathOf(route) === window.location.pathname) return
    window.history.pushState(null, '', pathOf(route))
    this.#route = route
  }

  /** Follows back and forward until the returned function is called. */
  start(): () => void {
    const onPop = () => {
      this.#route = routeOf(window.location.pathname)
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }

  /** For links: a plain click stays in the page, everything else is the browser's. */
  follow(event: MouseEvent, route: Exclude<Route, { kind: 'unknown' }>): void {
    const is_plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (!is_plain || event.altKey) return
    event.preventDefault()
    this.go(route)
  }
}

export const [getNavigation, setNavigation] = createContext<Navigation>()
