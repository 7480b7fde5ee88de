/**
 * A Svelte attachment for toolbars: one stop of the Tab key, arrows, Home and End inside. Which
 * button is the stop is remembered as long as the button is there.
 */
export const rovingFocus = (toolbar: HTMLElement): (() => void) => {
  const listening = new AbortController()
  const { signal } = listening
  const buttons = () => [...toolbar.querySelectorAll<HTMLButtonElement>('button:enabled')]
  const stopAt = (stop: HTMLElement | undefined) => {
    for (const button of buttons()) button.tabIndex = button === stop ? 0 : -1
  }
  const keepOneStop = () => {
    const all = buttons()
    stopAt(all.find(({ tabIndex }) => tabIndex === 0) ?? all[0])
  }
  toolbar.addEventListener(
    'focusin',
    ({ target }) => {
      if (target instanceof HTMLElement) stopAt(target)
    },
    { signal },
  )
  toolbar.addEventListener(
    'keydown',
    (event) => {
      const all = buttons()
      const next = nextIndex(
        event.key,
        all.findIndex((button) => button === event.target),
        all.length,
      )
      if (next === undefined) return
      event.preventDefault()
      all[next]?.focus()
    },
    { signal },
  )
  // Buttons come and go with what one may do and with the bar's size.
  const observer = new MutationObserver(keepOneStop)
  observer.observe(toolbar, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  keepOneStop()
  return () => {
    listening.abort()
    observer.disconnect()
  }
}

const nextIndex = (key: string, index: number, count: number): number | undefined => {
  if (index === -1) return undefined
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (index + 1) % count
    case 'ArrowLeft':
    case 'ArrowUp':
      return (index - 1 + count) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
