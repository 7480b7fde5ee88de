/** What narrows the list of posted messages, as the address has it. Pure. */
import type { OneWayStatus, Priority, RecipientType } from '../../../src/protocol/one-way.ts'

export const statuses: readonly OneWayStatus[] = [
  'accepted',
  'validated',
  'retrying',
  'committed',
  'delivered',
  'rejected',
  'dead',
]

export const recipient_types: readonly RecipientType[] = ['room', 'user', 'email', 'whatsapp']

export const priorities: readonly Priority[] = ['high', 'normal', 'low']

/** Empty: all of them. */
export type SentFilters = {
  readonly status: OneWayStatus | ''
  readonly to: RecipientType | ''
}

export const noFilters: SentFilters = { status: '', to: '' }

/** What an address says; what there is no such thing as narrows nothing. */
export const filtersOf = (told: {
  readonly status?: string
  readonly to?: string
}): SentFilters => ({
  status: statuses.find((status) => status === told.status) ?? '',
  to: recipient_types.find((type) => type === told.to) ?? '',
})
