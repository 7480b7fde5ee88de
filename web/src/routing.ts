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
  | { readonly kind: 'unknown' }

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
  if (first !== 'rooms' || room_id === undefined || rest.length > 0) return { kind: 'unknown' }
  if (third === undefined) return { kind: 'room', room_id }
  if (third === 'messages' && message_id !== undefined) return { kind: 'room', room_id, message_id }
  return { kind: 'unknown' }
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
    case 'search':
      return route.query === '' ? '/search' : `/search?${new URLSearchParams({ q: route.query })}`
  }
}
