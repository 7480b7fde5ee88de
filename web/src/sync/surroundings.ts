/** What the connection wants to know of the device: is there a network, does anybody look. */

export type SurroundingsEvents = {
  online(): void
  offline(): void
  visible(): void
  hidden(): void
}

export type Surroundings = {
  isOnline(): boolean
  /** Returns how to stop listening. */
  listen(events: SurroundingsEvents): () => void
}

export const browserSurroundings: Surroundings = {
  isOnline: () => navigator.onLine,
  listen: (events) => {
    const listening = new AbortController()
    const { signal } = listening
    window.addEventListener('online', () => events.online(), { signal })
    window.addEventListener('offline', () => events.offline(), { signal })
    document.addEventListener(
      'visibilitychange',
      () => (document.visibilityState === 'visible' ? events.visible() : events.hidden()),
      { signal },
    )
    return () => listening.abort()
  },
}
