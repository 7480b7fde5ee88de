/** A Svelte attachment that tells when a row comes into view and leaves it again. */

/** @param margin_percent of the view's height at its lower end that does not count yet */
export const inSight =
  (onchange: (is_in_view: boolean) => void, margin_percent = 0) =>
  (element: HTMLElement): (() => void) => {
    const observer = new IntersectionObserver(
      (entries) => onchange(entries.at(-1)?.isIntersecting === true),
      { rootMargin: `0px 0px -${margin_percent}% 0px` },
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      onchange(false)
    }
  }

/** Long enough to have read who it is from. */
const SEEN_AFTER_MS = 1_000

/** How often somebody who looked elsewhere is looked for again. */
const LOOK_AGAIN_MS = 1_000

/** The same for what was in view for a moment, of a page that has the focus. */
export const whenSeen = (onseen: () => void): ((element: HTMLElement) => () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    if (document.hasFocus()) onseen()
    else timer = setTimeout(look, LOOK_AGAIN_MS)
  }
  return inSight((is_in_view) => {
    clearTimeout(timer)
    if (is_in_view) timer = setTimeout(look, SEEN_AFTER_MS)
  }, 15)
}
