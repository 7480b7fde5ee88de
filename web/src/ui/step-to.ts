/** Where arrow keys, Home and End lead in a column of things that take the focus. */

/** Undefined for every other key, which is left alone, and at the ends. */
export const stepTo = <Item extends Element>(
  event: Pick<KeyboardEvent, 'key' | 'preventDefault'>,
  items: readonly Item[],
  active: Element | null = document.activeElement,
): Item | undefined => {
  const at = items.findIndex((item) => item === active)
  const target = targetOf(event.key, at, items.length)
  if (target === undefined) return undefined
  event.preventDefault()
  return items[target]
}

const targetOf = (key: string, at: number, count: number): number | undefined => {
  switch (key) {
    case 'ArrowDown':
      return at + 1
    case 'ArrowUp':
      return at - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
