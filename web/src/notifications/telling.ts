/**
 * Tells what happens, in the ways this device has: toasts, notifications of the system, sound and
 * vibration. Fetched once the rooms are on screen; reading and writing do not wait for it.
 */
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { OneWayFrame } from '../../../src/protocol/one-way.ts'
import { routeOf } from '../routing.ts'
import { serviceWorkerReady } from '../service-worker-registration.ts'
import type { DeviceSettings } from '../state/device-settings.svelte.ts'
import type { InView } from '../state/in-view.ts'
import type { Navigation } from '../state/navigation.svelte.ts'
import type { PermissionToNotify } from '../state/notification-permission.svelte.ts'
import type { NotificationSettings } from '../state/notification-settings.svelte.ts'
import type { Preferences } from '../state/preferences.svelte.ts'
import type { Rooms } from '../state/rooms.svelte.ts'
import type { Toasts } from '../state/toasts.svelte.ts'
import { browserClock } from '../sync/clock.ts'
import { Notifier } from './notifier.ts'
import { pathOfTold, wordsOf, type Told } from './show-notification.ts'
import { closeSystemNotifications, showSystemNotification } from './system-notification.ts'
import { isFocused, Tabs } from './tabs.ts'
import { TonePlayer } from './tone-player.ts'
import { vibrate } from './vibration.ts'
import type { ToPage } from './worker-messages.ts'

export type TellingOptions = {
  readonly user_id: string
  readonly rooms: Rooms
  readonly navigation: Navigation
  readonly preferences: Preferences
  readonly settings: NotificationSettings
  readonly device: DeviceSettings
  readonly permission: PermissionToNotify
  readonly in_view: InView
  readonly toasts: Toasts
}

export type Telling = {
  readonly onFrame: (frame: InboxDownFrame) => void
  readonly stop: () => void
}

export const startTelling = (options: TellingOptions): Telling => {
  const { user_id, navigation, device, toasts } = options
  const player = new TonePlayer()
  const tabs = new Tabs(user_id)
  const stopTabs = tabs.start()
  const listening = new AbortController()
  const { signal } = listening

  const go = (path: string) => {
    const route = routeOf(path)
    if (route.kind !== 'unknown') navigation.go(route)
  }

  const notifier = new Notifier({
    ...circumstances(options),
    otherTabs: () => tabs.others(),
    ...ways(options, go),
    ring: (kind) => {
      if (device.vibrates) vibrate(kind)
      return player.play(device.tone, device.volume)
    },
    forget: (room_id) => {
      toasts.dismiss(room_id)
      void closeSystemNotifications(room_id)
    },
  })

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

  return {
    onFrame: (frame) => {
      notifier.onFrame(frame)
      if (frame.type === 'one_way') tellOutcomes(frame, options)
    },
    stop: () => {
      listening.abort()
      stopTabs()
      player.close()
    },
  }
}

/** What did not arrive is said wherever its sender is looking (DISP-5); what did is in the list. */
const tellOutcomes = (
  { outcomes, more }: OneWayFrame,
  { navigation, preferences, toasts }: TellingOptions,
) => {
  const [first] = outcomes
  if (first === undefined || navigation.route.kind === 'one_way') return
  toasts.show({
    key: 'one_way',
    kind: 'one_way',
    heading: preferences.t.one_way.failed_heading(outcomes.length + more),
    text: first.reason?.message ?? '',
    is_urgent: false,
    route: { kind: 'one_way', tab: 'sent', status: first.status },
  })
}

/** What the decision depends on. */
const circumstances = (options: TellingOptions) => {
  const { user_id, rooms, navigation, settings, permission, in_view } = options
  return {
    user_id,
    clock: browserClock,
    levelOf: (room_id: string | undefined) => settings.levelOf(room_id),
    quietHours: () => settings.current?.quiet_hours ?? null,
    titleOf: (room_id: string) => rooms.find(room_id)?.title ?? 'Muster',
    attention: () => ({
      is_focused: isFocused(),
      open_room_id: navigation.route.kind === 'room' ? navigation.route.room_id : undefined,
      is_at_bottom: in_view.is_newest,
      are_notices_open: navigation.route.kind === 'one_way' && navigation.route.tab === 'received',
    }),
    hasPermission: () => permission.state === 'granted',
  }
}

/** How it is shown, in the page's language of the moment. */
const ways = ({ preferences, device, toasts }: TellingOptions, go: (path: string) => void) => ({
  toast: (told: Told) => {
    const route = routeOf(pathOfTold(told))
    if (route.kind === 'unknown') return
    const { heading, text } = wordsOf(told, preferences.t)
    const { kind } = told
    const key = kind === 'notice' ? kind : told.room_id
    const is_urgent = kind === 'notice' ? told.priority === 'high' : kind === 'mention'
    toasts.show({ key, kind, heading, text, is_urgent, route })
  },
  notify: (told: Told, is_heard: boolean) => {
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
})
