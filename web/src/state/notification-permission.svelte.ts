/** Whether the browser lets us show notifications, also when that is changed outside the page. */
import { createContext } from 'svelte'

/** `unsupported`: on iOS only an installed page may. */
export type Permission = NotificationPermission | 'unsupported'

export class PermissionToNotify {
  #state: Permission = $state(permissionNow())

  get state(): Permission {
    return this.#state
  }

  /** Follows until the result is called. */
  start(): () => void {
    const listening = new AbortController()
    const { signal } = listening
    const look = () => (this.#state = permissionNow())
    window.addEventListener('focus', look, { signal })
    void navigator.permissions
      ?.query({ name: 'notifications' })
      .then((status) => status.addEventListener('change', look, { signal }))
      .catch(() => {})
    return () => listening.abort()
  }

  /** Only from a click: browsers hold it against pages that ask by themselves. */
  async ask(): Promise<Permission> {
    if ('Notification' in window) await Notification.requestPermission()
    return (this.#state = permissionNow())
  }
}

const permissionNow = (): Permission =>
  'Notification' in window ? Notification.permission : 'unsupported'

export const [getPermissionToNotify, setPermissionToNotify] = createContext<PermissionToNotify>()
