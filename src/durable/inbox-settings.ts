/** How the people's inboxes are spread over objects, and what one of them does. A bad value stops the start by name. */
import { numberSetting } from '../domain/configuration/read.ts'
import { defaultInboxSettings, type InboxSettings } from '../domain/inbox/settings.ts'
import { integerIn, type Variables } from '../lib/variables.ts'

export type InboxShards = {
  /** A message in a room costs at most so many calls, however many members it has. */
  readonly shards: number
}

/** @throws SettingsError */
export const readInboxSettings = (variables: Variables): InboxShards => ({
  shards: integerIn(variables, 'INBOX_SHARDS', { or: 8, min: 1, max: 256 }),
})

/**
 * Of one of those objects.
 * @throws SettingsError
 */
export const readInboxShardSettings = (variables: Variables): InboxSettings => ({
  ...defaultInboxSettings,
  heartbeat_interval_ms: numberSetting(variables, 'heartbeat_interval_ms'),
  heartbeat_timeout_ms: numberSetting(variables, 'heartbeat_timeout_ms'),
})
