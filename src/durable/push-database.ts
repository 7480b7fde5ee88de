/** All that pushing asks of the database and of rooms. Nothing here throws. */
import type { PushFacts, Subscription } from '../domain/push/facts.ts'
import type { Env } from '../env.ts'
import type { Outcome } from '../lib/outcome.ts'
import { log } from '../telemetry/log.ts'
import { askDatabase } from './ask-database.ts'
import { roomStub } from './stubs.ts'

export class PushDatabase {
  readonly #env: Env

  constructor(env: Env) {
    this.#env = env
  }

  /** Null: there is no such room. */
  readFacts(args: {
    readonly room_id: string
    readonly after: number
    readonly upto: number
    readonly after_user_id: string
    readonly limit: number
  }): Promise<Outcome<PushFacts | null>> {
    return askDatabase(this.#env, args.room_id, 'readPushFacts', args)
  }

  /** Should it fail, their push service says it again next time. */
  async drop(room_id: string, subscriptions: readonly Subscription[]): Promise<void> {
    if (subscriptions.length === 0) return
    const gone = subscriptions.map(({ subscription_id, renewed_at }) => ({
      subscription_id,
      renewed_at,
    }))
    await askDatabase(this.#env, room_id, 'dropPushSubscriptions', { gone })
  }

  /** Who of these people looks at the room. One too many pushes is better than none. */
  async lookingAmong(room_id: string, user_ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (user_ids.length === 0) return new Set()
    try {
      return new Set(await roomStub(this.#env, room_id).lookingAmong(user_ids))
    } catch {
      log.warn('room_not_asked', { room_id })
      return new Set()
    }
  }
}
