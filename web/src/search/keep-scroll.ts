/** A Svelte attachment for lists that one leaves and comes back to: they stand where they stood. */

export type ScrollMemory = { scroll_top: number }

export const keepScroll =
  (memory: ScrollMemory) =>
  (list: HTMLElement): (() => void) => {
    const listening = new AbortController()
    const scroller = scrollerOf(list)
    if (scroller === undefined) return () => {}
    scroller.scrollTop = memory.scroll_top
    scroller.addEventListener('scroll', () => (memory.scroll_top = scroller.scrollTop), {
      signal: listening.signal,
      passive: true,
    })
    return () => listening.abort()
  }

const scrollerOf = (element: HTMLElement): HTMLElement | undefined => {
  const parent = element.parentElement
  if (parent === null) return undefined
  return /auto|scroll/.test(getComputedStyle(parent).overflowY) ? parent : scrollerOf(parent)
}
