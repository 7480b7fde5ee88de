/** Puts the parts of notifications together for the signed-in page, which starts and ends them. */
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { User } from '../../../src/protocol/member.ts'
import { DeviceSettings, setDeviceSettings } from '../state/device-settings.svelte.ts'
import { InView, setInView } from '../state/in-view.ts'
import type { Navigation } from '../state/navigation.svelte.ts'
import {
  PermissionToNotify,
  setPermissionToNotify,
} from '../state/notification-permission.svelte.ts'
import {
  NotificationSettings,
  setNotificationSettings,
} from '../state/notification-settings.svelte.ts'
import type { Preferences } from '../state/preferences.svelte.ts'
import type { Rooms } from '../state/rooms.svelte.ts'
import type { Session } from '../state/session.svelte.ts'
import type { Toasts } from '../state/toasts.svelte.ts'
import { setWebPush, WebPush } from '../state/web-push.svelte.ts'
import type { Api } from '../sync/api.ts'
import { browserStore } from '../sync/key-value-store.ts'
import type { Telling } from './telling.ts'

export type SetUpOptions = {
  readonly user: User
  readonly api: Api
  readonly rooms: Rooms
  readonly navigation: Navigation
  readonly preferences: Preferences
  readonly session: Session
  readonly toasts: Toasts
}

/** Registering this device again may wait until the rooms are on screen. */
const PUSH_IN_STEP_AFTER_MS = 2_000

/** To be called while the frame is made, as it sets contexts. */
export const setUpNotifications = (options: SetUpOptions) => {
  const { user, api, rooms, session } = options
  const web_push = setWebPush(new WebPush(api, browserStore, user.user_id))
  const parts = {
    ...options,
    user_id: user.user_id,
    settings: setNotificationSettings(new NotificationSettings(api)),
    device: setDeviceSettings(new DeviceSettings(browserStore)),
    permission: setPermissionToNotify(new PermissionToNotify()),
    in_view: setInView(new InView()),
  }

  /** Until the result is called. */
  const start = (): (() => void) => {
    const telling = tellWhenFetched(() =>
      import('./telling.ts').then(({ startTelling }) => startTelling(parts)),
    )
    void parts.settings.load()
    // What could not be fetched without a network is done on the next start.
    const in_step = setTimeout(
      () => void web_push.keepInStep().catch(() => {}),
      PUSH_IN_STEP_AFTER_MS,
    )
    const stops = [
      parts.permission.start(),
      rooms.listen((frame) => telling.onFrame(frame)),
      session.onSigningOut(() => web_push.end()),
    ]
    return () => {
      clearTimeout(in_step)
      telling.stop()
      for (const stop of stops) stop()
      options.toasts.close()
    }
  }

  return { start }
}

/** Frames wait for the part that tells of them. What could not be fetched is with the next frame. */
const tellWhenFetched = (fetchTelling: () => Promise<Telling>): Telling => {
  let waiting: InboxDownFrame[] = []
  let fetched: Promise<Telling> | undefined
  let is_stopped = false

  const tell = async () => {
    try {
      const telling = await (fetched ??= fetchTelling())
      const frames = waiting
      waiting = []
      if (is_stopped) telling.stop()
      else for (const frame of frames) telling.onFrame(frame)
    } catch {
      fetched = undefined
      waiting = []
    }
  }
  void tell()

  return {
    onFrame: (frame) => {
      waiting.push(frame)
      void tell()
    },
    stop: () => {
      is_stopped = true
      void tell()
    },
  }
}
