/** How the people's inboxes are spread over objects. A bad value stops the start by name. */
import { integerIn, type Variables } from '../lib/variables.ts'

export type InboxShards = {
  /** A message in a room costs at most so many calls, however many members it has. */
  readonly shards: number
}

/** @throws SettingsError */
export const readInboxSettings = (variables: Variables): InboxShards => ({
  shards: integerIn(variables, 'INBOX_SHARDS', { or: 8, min: 1, max: 256 }),
})
