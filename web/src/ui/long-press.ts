/**
 * A finger that stays where it is (UI 18): a Svelte attachment. Scrolling, a second finger and a
 * movement end it; the click, the menu and the selection that would follow are kept away. The
 * element wants `user-select: none` on touch screens, or the browser selects before this acts.
 */

/** As long as the systems' own menus take. */
export const LONG_PRESS_MS = 450

/** Nobody's finger is perfectly still. */
const slack_px = 10

const vibration_ms = 12

export const longPress =
  (onpress: (target: Element) => void) =>
  (element: HTMLElement): (() => void) => {
    const listening = new AbortController()
    const { signal } = listening
    let timer: ReturnType<typeof setTimeout> | undefined
    let start: { readonly x: number; readonly y: number } | undefined
    let has_fired = false

    const end = () => {
      clearTimeout(timer)
      start = undefined
    }

    element.addEventListener(
      'pointerdown',
      (event) => {
        end()
        has_fired = false
        const { target } = event
        if (event.pointerType !== 'touch' || !event.isPrimary || !(target instanceof Element))
          return
        // There it is how one pastes and marks.
        if (target.closest('textarea, input, select') !== null) return
        start = { x: event.clientX, y: event.clientY }
        timer = setTimeout(() => {
          end()
          has_fired = true
          // Not everywhere, and not before the page was touched.
          navigator.vibrate?.(vibration_ms)
          onpress(target)
        }, LONG_PRESS_MS)
      },
      { signal },
    )
    element.addEventListener(
      'pointermove',
      ({ clientX, clientY }) => {
        if (start && Math.hypot(clientX - start.x, clientY - start.y) > slack_px) end()
      },
      { signal, passive: true },
    )
    for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const)
      element.addEventListener(name, end, { signal })
    element.addEventListener(
      'contextmenu',
      (event) => {
        if (start !== undefined || has_fired) event.preventDefault()
      },
      { signal },
    )
    element.addEventListener(
      'click',
      (event) => {
        if (!has_fired) return
        has_fired = false
        event.preventDefault()
        event.stopPropagation()
      },
      { signal, capture: true },
    )
    // The lifted finger is a press beside the sheet, which would close it again.
    element.addEventListener(
      'touchend',
      (event) => {
        if (has_fired && event.cancelable) event.preventDefault()
      },
      { signal },
    )
    return () => {
      end()
      listening.abort()
    }
  }
