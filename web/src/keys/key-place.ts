/** What a key was pressed in, and whether something lies over the page that has its own keys. */
import type { KeyPlace } from './key-map.ts'

export const keyPlaceOf = (target: EventTarget | null): KeyPlace => {
  if (!(target instanceof HTMLElement)) return 'page'
  if (target.closest('[data-composer]') !== null && target instanceof HTMLTextAreaElement)
    return 'composer'
  if (target instanceof HTMLSelectElement) return 'picker'
  if (target instanceof HTMLTextAreaElement || target.isContentEditable) return 'text'
  if (!(target instanceof HTMLInputElement)) return 'page'
  if (/^(date|time|datetime-local|month|week|color)$/.test(target.type)) return 'picker'
  return /^(button|checkbox|radio|submit|reset|file|range)$/.test(target.type) ? 'page' : 'text'
}

/** Dialogs and sheets close by their own Escape, and keep the rest of the keys to themselves. */
export const isSomethingOver = (): boolean =>
  document.querySelector('dialog[open], [popover=auto]:popover-open') !== null
