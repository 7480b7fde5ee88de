/** Which addresses the page has. Pure; `state/navigation.svelte.ts` follows the browser's history. */

export type Route =
  | { readonly kind: 'rooms' }
  | {
      readonly kind: 'room'
      readonly room_id: string
      /** A message to be shown in its place: the address is its permalink. */
      readonly message_id?: string
    }
  /** Messages of all rooms that match. */
  | { readonly kind: 'search'; readonly query: string }
  /** Messages of all rooms that mention this person. */
  | { readonly kind: 'mentions' }
  /** One-way messages of this person (WEB-9), as narrowed by the address. */
  | {
      readonly kind: 'one_way'
      readonly tab: 'sent' | 'received'
      readonly status?: string
      readonly to?: string
    }
  /** What operators see and change (WEB-9): admins only. */
  | { readonly kind: 'ops'; readonly tab: OpsTab }
  | { readonly kind: 'unknown' }

export const opsTabs = ['now', 'alerts', 'configuration'] as const
export type OpsTab = (typeof opsTabs)[number]

export type KnownRoute = Exclude<Route, { kind: 'unknown' }>

/** @param address path and query, as in `/rooms/…` or `/search?q=…` */
export const routeOf = (address: string): Route => {
  const { pathname, searchParams } = new URL(address, 'http://page')
  const [, ...parts] = pathname.replace(/\/+$/, '').split('/')
  const [first, room_id, third, message_id, ...rest] = parts
  if (first === undefined) return { kind: 'rooms' }
  if (first === 'search' && parts.length === 1)
    return { kind: 'search', query: searchParams.get('q') ?? '' }
  if (first === 'mentions' && parts.length === 1) return { kind: 'mentions' }
  if (first === 'ops') return opsRouteOf(parts.slice(1))
  if (first === 'one-way') return oneWayRouteOf(parts.slice(1), searchParams)
  if (first !== 'rooms' || room_id === undefined || rest.length > 0) return { kind: 'unknown' }
  if (third === undefined) return { kind: 'room', room_id }
  if (third === 'messages' && message_id !== undefined) return { kind: 'room', room_id, message_id }
  return { kind: 'unknown' }
}

const oneWayRouteOf = ([tab = 'sent', ...rest]: string[], narrowed: URLSearchParams): Route => {
  if ((tab !== 'sent' && tab !== 'received') || rest.length > 0) return { kind: 'unknown' }
  const [status, to] = [narrowed.get('status'), narrowed.get('to')]
  return { kind: 'one_way', tab, ...(status ? { status } : {}), ...(to ? { to } : {}) }
}

const opsRouteOf = ([tab = 'now', ...rest]: string[]): Route => {
  const known = opsTabs.find((one) => one === tab)
  return known && rest.length === 0 ? { kind: 'ops', tab: known } : { kind: 'unknown' }
}

export const pathOf = (route: KnownRoute): string => {
  switch (route.kind) {
    case 'rooms':
      return '/'
    case 'room':
      return route.message_id === undefined
        ? `/rooms/${route.room_id}`
        : `/rooms/${route.room_id}/messages/${route.message_id}`
    case 'mentions':
      return '/mentions'
    case 'one_way': {
      const { tab, status, to } = route
      const narrowed = new URLSearchParams({ ...(status && { status }), ...(to && { to }) })
      return `/one-way/${tab}${narrowed.size > 0 ? `?${narrowed}` : ''}`
    }
    case 'ops':
      return route.tab === 'now' ? '/ops' : `/ops/${route.tab}`
    case 'search':
      return route.query === '' ? '/search' : `/search?${new URLSearchParams({ q: route.query })}`
  }
}
