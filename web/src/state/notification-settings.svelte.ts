/**
 * What this person wants to be told, on all their devices: kept by the server, changed here at
 * once and put back if the server refuses.
 */
import { createContext } from 'svelte'
import type {
  NotificationLevel,
  NotificationSettings as Settings,
  RoomLevel,
} from '../../../src/protocol/notification.ts'
import type { Api, Failure } from '../sync/api.ts'

export class NotificationSettings {
  readonly #api: Api
  #settings: Settings | undefined = $state.raw()
  #failure: Failure | undefined = $state.raw()

  constructor(api: Api) {
    this.#api = api
  }

  /** Undefined until first loaded. */
  get current(): Settings | undefined {
    return this.#settings
  }

  /** Why the last load or change did not work. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  async load(): Promise<void> {
    const result = await this.#api.notificationSettings()
    this.#failure = result.ok ? undefined : result.failure
    if (result.ok) this.#settings = result.value
  }

  /** Of the room, or of everything; mentions as long as nothing is known. */
  levelOf(room_id: string | undefined): NotificationLevel {
    const room = this.#settings?.rooms.find((one) => one.room_id === room_id)
    return room?.level ?? this.#settings?.level ?? 'mentions'
  }

  ownLevelOf(room_id: string): RoomLevel {
    return this.#settings?.rooms.find((one) => one.room_id === room_id)?.level ?? 'default'
  }

  async change(changes: Partial<Pick<Settings, 'level' | 'quiet_hours'>>): Promise<void> {
    const before = this.#settings
    if (before === undefined) return
    const { level, quiet_hours } = (this.#settings = { ...before, ...changes })
    const result = await this.#api.setNotificationSettings({ level, quiet_hours })
    this.#settle(result.ok ? undefined : result.failure, before)
  }

  async changeRoom(room_id: string, level: RoomLevel): Promise<void> {
    const before = this.#settings
    if (before === undefined) return
    const others = before.rooms.filter((room) => room.room_id !== room_id)
    this.#settings = {
      ...before,
      rooms: level === 'default' ? others : [...others, { room_id, level }],
    }
    const result = await this.#api.setRoomLevel(room_id, level)
    this.#settle(result.ok ? undefined : result.failure, before)
  }

  #settle(failure: Failure | undefined, before: Settings): void {
    this.#failure = failure
    if (failure !== undefined) this.#settings = before
  }
}

export const [getNotificationSettings, setNotificationSettings] =
  createContext<NotificationSettings>()
