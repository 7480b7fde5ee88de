/** The present minute, so that times and day lines roll over at midnight by themselves (WEB-2). */
import { createContext } from 'svelte'
import { untilNextMinute } from '../time.ts'

export class Now {
  #ms = $state(Date.now())

  get ms(): number {
    return this.#ms
  }

  /** Ticks until the returned function is called. */
  start(): () => void {
    let timer: ReturnType<typeof setTimeout>
    // Only written: an effect that starts it must not depend on what it ticks.
    const tick = () => {
      const now_ms = Date.now()
      this.#ms = now_ms
      timer = setTimeout(tick, untilNextMinute(now_ms))
    }
    // Timers sleep in hidden tabs, so a tab that comes back looks at the clock at once.
    const onVisible = () => {
      this.#ms = Date.now()
    }
    tick()
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }
}

export const [getNow, setNow] = createContext<Now>()
