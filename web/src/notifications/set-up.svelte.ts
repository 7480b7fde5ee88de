/** Puts the parts of notifications together for the signed-in page, which starts and ends them. */
import type { User } from '../../../src/protocol/member.ts'
import { routeOf } from '../routing.ts'
import { serviceWorkerReady } from '../service-worker-registration.ts'
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
import { Toasts } from '../state/toasts.svelte.ts'
import { WebPush, setWebPush } from '../state/web-push.svelte.ts'
import type { Api } from '../sync/api.ts'
import { browserClock } from '../sync/clock.ts'
import { browserStore } from '../sync/key-value-store.ts'
import { Notifier } from './notifier.ts'
import { pathOfTold, wordsOf, type Told } from './show-notification.ts'
import { closeSystemNotifications, showSystemNotification } from './system-notification.ts'
import { isFocused, Tabs } from './tabs.ts'
import { setTonePlayer, TonePlayer } from './tones.ts'
import { vibrate } from './vibration.ts'
import type { ToPage } from './worker-messages.ts'

export type SetUpOptions = {
  readonly user: User
  readonly api: Api
  readonly rooms: Rooms
  readonly navigation: Navigation
  readonly preferences: Preferences
  readonly session: Session
}

/** Registering this device again may wait until the rooms are on screen. */
const PUSH_IN_STEP_AFTER_MS = 2_000

/** To be called while the frame is made, as it sets contexts. */
export const setUpNotifications = (options: SetUpOptions) => {
  const { user, api, rooms, navigation, preferences, session } = options
  const settings = setNotificationSettings(new NotificationSettings(api))
  const device = setDeviceSettings(new DeviceSettings(browserStore))
  const permission = setPermissionToNotify(new PermissionToNotify())
  const web_push = setWebPush(new WebPush(api, browserStore, user.user_id))
  const in_view = setInView(new InView())
  const player = setTonePlayer(new TonePlayer())
  const toasts = new Toasts(browserClock)
  const tabs = new Tabs(user.user_id)

  const go = (path: string) => {
    const route = routeOf(path)
    if (route.kind !== 'unknown') navigation.go(route)
  }

  const toast = (told: Told) => {
    const route = routeOf(pathOfTold(told))
    if (route.kind === 'unknown') return
    const { heading, text } = wordsOf(told, preferences.t)
    toasts.show({ key: told.room_id, heading, text, is_urgent: told.kind === 'mention', route })
  }

  const notifier = new Notifier({
    user_id: user.user_id,
    clock: browserClock,
    levelOf: (room_id) => settings.levelOf(room_id),
    quietHours: () => settings.current?.quiet_hours ?? null,
    titleOf: (room_id) => rooms.find(room_id)?.title ?? 'Muster',
    attention: () => ({
      is_focused: isFocused(),
      open_room_id: navigation.route.kind === 'room' ? navigation.route.room_id : undefined,
      is_at_bottom: in_view.is_newest,
    }),
    otherTabs: () => tabs.others(),
    hasPermission: () => permission.state === 'granted',
    toast,
    notify: (told, is_heard) => {
      const shown = {
        ...told,
        t: preferences.t,
        language: preferences.language,
        is_silent: is_heard || device.tone === 'none',
      }
      void serviceWorkerReady().then((registration) =>
        showSystemNotification(registration, shown, go),
      )
    },
    ring: (kind) => {
      if (device.vibrates) vibrate(kind)
      return player.play(device.tone, device.volume)
    },
    forget: (room_id) => {
      toasts.dismiss(room_id)
      void closeSystemNotifications(room_id)
    },
  })

  /** Until the result is called. */
  const start = (): (() => void) => {
    const listening = new AbortController()
    const { signal } = listening
    for (const gesture of ['pointerdown', 'keydown'] as const)
      window.addEventListener(gesture, () => void player.unlock(), {
        signal,
        capture: true,
        passive: true,
      })
    if ('serviceWorker' in navigator)
      navigator.serviceWorker.addEventListener(
        'message',
        ({ data }: MessageEvent<ToPage>) => {
          if (data.type === 'go') go(data.path)
        },
        { signal },
      )
    void settings.load()
    const in_step = setTimeout(() => void web_push.keepInStep(), PUSH_IN_STEP_AFTER_MS)
    const stops = [
      permission.start(),
      tabs.start(),
      rooms.listen((frame) => notifier.onFrame(frame)),
      session.onSigningOut(() => web_push.end()),
    ]
    return () => {
      clearTimeout(in_step)
      listening.abort()
      for (const stop of stops) stop()
      toasts.close()
      player.close()
    }
  }

  return { toasts, start }
}
