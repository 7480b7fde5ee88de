/**
 * The keys of a search: down from its field into the results and between them, Escape back up,
 * then out of the words, then out of the search. Links themselves know Enter.
 */
import { CompositionGuard } from '../ui/composition-guard.ts'

export type HitKeysOptions = {
  /** Forgets the words; false when there were none, and Escape goes on to whoever closes. */
  readonly onclear: () => boolean
  /** Does not wait for the pause after the last letter. */
  readonly onenter: () => void
}

/** A Svelte attachment for the element that holds one search field and the list of results. */
export const hitKeys =
  ({ onclear, onenter }: HitKeysOptions) =>
  (root: HTMLElement): (() => void) => {
    const guard = new CompositionGuard()
    const stopGuard = guard.attach(root)
    const listening = new AbortController()

    const hits = () => [...root.querySelectorAll<HTMLElement>('[data-hit]')]
    const field = () => root.querySelector<HTMLElement>('input[type="search"]')

    const inField = (key: string): boolean => {
      if (key === 'Enter') onenter()
      if (key === 'Escape') return onclear()
      if (key !== 'ArrowDown') return false
      hits()[0]?.focus()
      return true
    }

    const inHit = (key: string, hit: Element): boolean => {
      const all = hits()
      const index = all.findIndex((one) => one === hit)
      const target =
        key === 'ArrowDown'
          ? all[index + 1]
          : key === 'ArrowUp'
            ? (all[index - 1] ?? field())
            : key === 'Home'
              ? all[0]
              : key === 'End'
                ? all.at(-1)
                : key === 'Escape'
                  ? field()
                  : undefined
      target?.focus()
      return target !== undefined || key === 'ArrowDown'
    }

    const onKey = (event: KeyboardEvent) => {
      // Escape that ends a composition closes nothing else.
      if (guard.isComposing(event)) return event.stopPropagation()
      if (event.altKey || event.ctrlKey || event.metaKey) return
      const { target, key } = event
      if (!(target instanceof Element)) return
      const is_handled =
        target === field() ? inField(key) : target.matches('[data-hit]') && inHit(key, target)
      if (is_handled) event.preventDefault()
    }
    root.addEventListener('keydown', onKey, { signal: listening.signal })
    return () => {
      stopGuard()
      listening.abort()
    }
  }
