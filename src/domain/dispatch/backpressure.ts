/**
 * Whether there is room for one more message (DISP-3): low priority is slowed first, then normal,
 * and a full buffer refuses all. Everybody hears when to come again.
 */
import { refusal, type Refusal } from '../../protocol/errors.ts'
import { fillOf, rateAt, type Ledger } from './ledger.ts'
import type { Level } from './row.ts'
import type { DispatchSettings } from './settings.ts'

export type Wish = {
  readonly level: Level
  readonly bytes: number
  /** A room asks for less (LIM-2). */
  readonly sheds_low: boolean
  readonly now: number
  /** In [0, 1): not all who are slowed shall come again at the same moment. */
  readonly chance: number
}

/** Undefined: it may come in. */
export const pressedBack = (
  ledger: Ledger,
  { level, bytes, sheds_low, now, chance }: Wish,
  settings: DispatchSettings,
): Refusal | undefined => {
  const after = { count: ledger.count + 1, bytes: ledger.bytes + bytes }
  const fill = fillOf(after, settings)
  const rate = rateAt(ledger, now)
  const later = (down_to: number) => retryAfter({ ledger, rate, down_to, chance, settings })
  if (fill > 1) return refusal('unavailable', 'the buffer of messages is full', later(1))
  const bound = [1, settings.slow_normal_ratio, settings.slow_low_ratio][level] ?? 1
  if (fill > bound)
    return refusal('rate_limited', 'the buffer of messages fills up: slower', later(bound))
  if (level === 2 && sheds_low)
    return refusal(
      'rate_limited',
      'messages of low priority are not taken at the moment',
      Math.round(settings.shed_low_ms * (0.5 + chance)),
    )
  return undefined
}

/** As long as it takes to come down to `down_to` as fast as of late, and some room below it. */
const retryAfter = ({
  ledger,
  rate,
  down_to,
  chance,
  settings,
}: {
  readonly ledger: Ledger
  readonly rate: number
  readonly down_to: number
  readonly chance: number
  readonly settings: DispatchSettings
}): number => {
  const { retry_after_min_ms, retry_after_max_ms, buffer_max_count } = settings
  const fill = fillOf(ledger, settings)
  // In messages of the size that is usual now, with a twentieth of the buffer to spare.
  const per_message = Math.max(fill / Math.max(1, ledger.count), 1 / buffer_max_count)
  const excess = Math.max(0, fill - down_to + 0.05) / per_message
  const due_ms = rate > 0 ? (excess / rate) * 1_000 : retry_after_max_ms / 4
  const spread_ms = Math.max(retry_after_min_ms, due_ms) * (0.75 + chance / 2)
  return Math.round(Math.min(retry_after_max_ms, Math.max(retry_after_min_ms, spread_ms)))
}
