/**
 * The server's time as one message needs it: it moves when the time to edit it ends, so that what
 * is offered changes at that moment, also in a menu that is open (MSG-7).
 */
import { EDIT_WINDOW_MS } from './message-access.ts'

type Said = { readonly said_ms: number; readonly ahead_ms: number; readonly is_own: boolean }

/** Call it while a component is set up. */
export const editWindow = (said: () => Said): { readonly now_ms: number } => {
  let device_ms = $state(Date.now())

  $effect(() => {
    const { said_ms, ahead_ms, is_own } = said()
    const left_ms = said_ms + EDIT_WINDOW_MS - (Date.now() + ahead_ms)
    device_ms = Date.now()
    if (!is_own || left_ms <= 0) return
    const timer = setTimeout(() => (device_ms = Date.now()), left_ms)
    return () => clearTimeout(timer)
  })

  return {
    get now_ms() {
      return device_ms + said().ahead_ms
    },
  }
}
