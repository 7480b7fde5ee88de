/** How this device makes itself heard, and what was answered here when it offered to. */
import { createContext } from 'svelte'
import { isTone, type Tone } from '../notifications/tones.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'

const key = {
  tone: 'muster.tone',
  volume: 'muster.volume',
  vibration: 'muster.vibration',
  answer: 'muster.notifications.answer',
} as const

const VOLUME_DEFAULT = 0.6

export class DeviceSettings {
  readonly #store: KeyValueStore
  #tone: Tone = $state('chime')
  #volume = $state(VOLUME_DEFAULT)
  #vibrates = $state(true)
  #has_declined = $state(false)

  constructor(store: KeyValueStore) {
    this.#store = store
    const tone = store.get(key.tone)
    if (isTone(tone)) this.#tone = tone
    const volume = Number(store.get(key.volume) ?? VOLUME_DEFAULT)
    if (volume >= 0 && volume <= 1) this.#volume = volume
    this.#vibrates = store.get(key.vibration) !== 'off'
    this.#has_declined = store.get(key.answer) === 'not_now'
  }

  get tone(): Tone {
    return this.#tone
  }

  set tone(tone: Tone) {
    this.#tone = tone
    this.#store.set(key.tone, tone)
  }

  /** 0 to 1. */
  get volume(): number {
    return this.#volume
  }

  set volume(volume: number) {
    this.#volume = volume
    this.#store.set(key.volume, String(volume))
  }

  get vibrates(): boolean {
    return this.#vibrates
  }

  set vibrates(vibrates: boolean) {
    this.#vibrates = vibrates
    this.#store.set(key.vibration, vibrates ? 'on' : 'off')
  }

  /** "Not now": the room offers notifications no more; the settings still do. */
  get has_declined(): boolean {
    return this.#has_declined
  }

  decline(): void {
    this.#has_declined = true
    this.#store.set(key.answer, 'not_now')
  }
}

export const [getDeviceSettings, setDeviceSettings] = createContext<DeviceSettings>()
