/** The shield that stands for a record: how the last check came out, never by colour alone. */
import Shield from '@lucide/svelte/icons/shield'
import ShieldAlert from '@lucide/svelte/icons/shield-alert'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import ShieldQuestionMark from '@lucide/svelte/icons/shield-question-mark'
import type { RecordState } from '../state/record-check.svelte.ts'

const icons = {
  unchecked: Shield,
  checking: Shield,
  whole: ShieldCheck,
  broken: ShieldAlert,
  failed: ShieldQuestionMark,
} as const

export const recordIcon = (state: RecordState): (typeof icons)[RecordState] => icons[state]
