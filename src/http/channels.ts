/** Every socket there is: what the AsyncAPI document describes. */
import type { Channel } from './asyncapi-channel.ts'
import { inboxChannel } from './asyncapi-inbox.ts'
import { roomChannel } from './asyncapi-room.ts'

export const channels: readonly Channel[] = [roomChannel, inboxChannel]
