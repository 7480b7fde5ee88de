/** Which addresses the page has. Pure; `state/navigation.svelte.ts` follows the browser's history. */

export type Route =
  | { readonly kind: 'rooms' }
  | { readonly kind: 'room'; readonly room_id: string }
  | { readonly kind: 'unknown' }

export const routeOf = (path: string): Route => {
  const [, first, second, ...rest] = path.replace(/\/+$/, '').split('/')
  if (first === undefined) return { kind: 'rooms' }
  if (first === 'rooms' && second !== undefined && rest.length === 0)
    return { kind: 'room', room_id: second }
  return { kind: 'unknown' }
}

export const pathOf = (route: Exclude<Route, { kind: 'unknown' }>): string =>
  route.kind === 'room' ? `/rooms/${route.room_id}` : '/'
