/**
 * Takes the focus, and brings it into view, after a dialog that just closed has given it back: what
 * one pressed to open that is out of the way, and the next thing to read is here.
 */
export const focusAfterDialog = (element: HTMLElement): void => {
  requestAnimationFrame(() => {
    element.focus({ preventScroll: true })
    element.scrollIntoView({ block: 'nearest' })
  })
}
