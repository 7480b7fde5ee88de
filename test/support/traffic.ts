/** People who talk until they are told to stop, at a pace of their own, whatever breaks meanwhile. */
import { pause } from '../../tools/dev/child-process.ts'
import type { Chance } from './chance.ts'
import type { RoomClient } from './client.ts'

export type Traffic = {
  /** Messages said so far. */
  readonly said: number
  /** Nobody begins another message; what was said is still on its way. */
  stop(): Promise<void>
}

/** A person waits for the server before saying ever more, as the page does. */
const unansweredMax = 10
const longestPauseMs = 20

export function startTraffic(clients: readonly RoomClient[], chance: Chance): Traffic {
  let said = 0
  const over = new AbortController()
  const talks = clients.map(async (client, index) => {
    const mood = chance.fork(`traffic ${index}`)
    while (!over.signal.aborted) {
      if (client.unanswered < unansweredMax) {
        said += 1
        void client.say(`${client.history.name} says ${said} 批號 A12-77`).catch(() => {})
      }
      await pause(mood.below(longestPauseMs))
    }
  })
  return {
    get said() {
      return said
    },
    async stop() {
      over.abort()
      await Promise.all(talks)
    },
  }
}
