/** The settings of the rate limits (LIM-1): what one person may write, by tier. */
import type { SettingNameOf } from '../../protocol/setting-names.ts'
import { integer, type Setting } from './definition.ts'

const writes = (tier: string, or: number, more: string) =>
  integer({
    unit: 'writes',
    min: 1,
    max: 100_000_000,
    default: or,
    help: `What one person of the tier "${tier}" may write in any window, over all sockets, rooms, REST calls and one-way messages together. ${more}`,
  })

export const rateLimits = {
  rate_limit_window: integer({
    unit: 's',
    min: 1,
    // More would punish for what nobody remembers.
    max: 3_600,
    default: 60,
    help: 'The window in which writes are counted. What was spent in another one counts on.',
  }),
  // Above a burst of 10,000 one-way messages, which is what a gateway of a line may have to say.
  rate_limit_basic: writes('basic', 15_000, 'The default lets a burst of 10,000 pass.'),
  rate_limit_premium: writes('premium', 60_000, 'For gateways of lines.'),
  rate_limit_enterprise: writes('enterprise', 300_000, 'For systems that post all day.'),
} as const satisfies Readonly<Record<SettingNameOf<'rate_limits'>, Setting>>
