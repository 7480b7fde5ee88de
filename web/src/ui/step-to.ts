/** Where arrow keys, Home and End lead in a column of things that take the focus. */

/** Undefined, and nothing done, for every other key and at the ends. */
export const stepTo = <Item extends Element>(
  event: Pick<KeyboardEvent, 'key' | 'preventDefault'>,
  items: readonly Item[],
  active: Element | null = document.activeElement,
): Item | undefined => {
  const at = items.findIndex((item) => item === active)
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
  if (target === undefined) return undefined
  event.preventDefault()
  return items[target]
}
