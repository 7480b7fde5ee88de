/**
 * Tells what happens (WEB-5): takes the inbox's frames, decides, and acts through its ports. It
 * owns the order: who else might tell is asked first, sound comes once for a burst.
 */
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { NotificationLevel, QuietHours } from '../../../src/protocol/notification.ts'
import type { Clock } from '../sync/clock.ts'
import { Happenings, type Happening } from './happenings.ts'
import { decide, type Attention } from './notify-decision.ts'
import { isQuiet } from './quiet-hours.ts'
import type { Told } from './show-notification.ts'
import type { OtherTabs } from './tabs.ts'

/** A burst makes one sound, not a rattle. */
export const SOUND_REST_MS = 3_000

export type NotifierOptions = {
  readonly user_id: string
  readonly clock: Clock
  /** Of everything, where it is about no room. */
  readonly levelOf: (room_id: string | undefined) => NotificationLevel
  readonly quietHours: () => QuietHours | null
  readonly titleOf: (room_id: string) => string
  readonly attention: () => Attention
  readonly otherTabs: () => Promise<OtherTabs>
  readonly hasPermission: () => boolean
  readonly toast: (told: Told) => void
  /** @param is_heard whether it was heard from us already, so that the system keeps quiet */
  readonly notify: (told: Told, is_heard: boolean) => void
  /** Sound and vibration as this device is set; returns whether it was heard. */
  readonly ring: (kind: Told['kind']) => boolean
  /** Everything in the room is read: what was shown of it may go. */
  readonly forget: (room_id: string) => void
}

export class Notifier {
  readonly #options: NotifierOptions
  readonly #happenings: Happenings
  #rang_at = Number.NEGATIVE_INFINITY

  constructor(options: NotifierOptions) {
    this.#options = options
    this.#happenings = new Happenings(options.user_id)
  }

  onFrame(frame: InboxDownFrame): void {
    if (frame.type === 'read' && frame.unread_count === 0) this.#options.forget(frame.room_id)
    if (frame.type === 'room_removed') this.#options.forget(frame.room_id)
    for (const happening of this.#happenings.take(frame)) void this.#tell(happening)
  }

  async #tell(happening: Happening): Promise<void> {
    const { clock, levelOf, quietHours, attention, otherTabs, hasPermission } = this.#options
    const { kind } = happening
    const room_id = happening.kind === 'notice' ? undefined : happening.room_id
    const tabs = await otherTabs()
    const decision = decide({
      kind,
      room_id,
      level: levelOf(room_id),
      is_quiet: isQuiet(quietHours(), clock.now()),
      attention: attention(),
      has_permission: hasPermission(),
      ...tabs,
    })
    const is_heard = decision.is_heard && this.#ring(kind)
    const told: Told =
      happening.kind === 'notice'
        ? happening
        : { ...happening, room_title: this.#options.titleOf(happening.room_id) }
    if (decision.show === 'toast') this.#options.toast(told)
    if (decision.show === 'system') this.#options.notify(told, is_heard)
  }

  #ring(kind: Told['kind']): boolean {
    const now = this.#options.clock.now()
    if (now - this.#rang_at < SOUND_REST_MS) return true
    const is_heard = this.#options.ring(kind)
    if (is_heard) this.#rang_at = now
    return is_heard
  }
}
