/** The unread one-way messages to this person, for the navigation and the tab's title. */
import { createContext } from 'svelte'
import type { Api } from '../sync/api.ts'
import { UnreadNotices } from '../sync/unread-notices.ts'
import type { Rooms } from './rooms.svelte.ts'

export class Notices {
  readonly #unread: UnreadNotices
  #unread_count = $state(0)

  constructor(api: Api) {
    this.#unread = new UnreadNotices({
      api,
      onCount: (count) => {
        this.#unread_count = count
      },
    })
  }

  get unread_count(): number {
    return this.#unread_count
  }

  /** As an answer about them said. */
  learn(count: number): void {
    this.#unread.learn(count)
  }

  /** Listens to the inbox until the result is called; another device or tab may read some. */
  start(rooms: Rooms): () => void {
    const stop = rooms.listen((frame) => this.#unread.onFrame(frame))
    const onVisible = () => {
      if (document.visibilityState === 'visible') void this.#unread.look()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', onVisible)
    }
  }
}

export const [getNotices, setNotices] = createContext<Notices>()
