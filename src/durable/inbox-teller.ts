/**
 * A room's side of the inbox: the calls to its shards, and what the room keeps of them in storage.
 * Nothing waits for any of it: a call that fails leaves a gap by which the shard finds out.
 */
import type { MemberNews, RoomNews } from '../domain/inbox/news.ts'
import type { MovedMark } from '../domain/inbox/rows.ts'
import type { StoredActivity } from '../domain/room/activity.ts'
import type { Env } from '../env.ts'
import { log } from '../telemetry/log.ts'
import { inboxStub } from './stubs.ts'

const watchersKey = 'inbox_watchers'
const owedKey = 'inbox_owed'

/** Losing it costs a late telling, not a message: nobody waits for the disk. */
const unconfirmed = { allowUnconfirmed: true } as const

export class InboxTeller {
  readonly #env: Env
  readonly #ctx: DurableObjectState

  constructor(env: Env, ctx: DurableObjectState) {
    this.#env = env
    this.#ctx = ctx
  }

  stored(): StoredActivity {
    const { kv } = this.#ctx.storage
    return {
      watchers: kv.get<number[]>(watchersKey) ?? [],
      owed: kv.get<MemberNews[]>(owedKey),
    }
  }

  keepWatchers(watchers: readonly number[]): void {
    // Confirmed: the shard relies on it from then on. It is rare.
    void this.#ctx.storage.put(watchersKey, watchers)
  }

  owe(owed: readonly MemberNews[] | undefined): void {
    if (owed) void this.#ctx.storage.put(owedKey, owed, unconfirmed)
    else void this.#ctx.storage.delete(owedKey, unconfirmed)
  }

  /** @returns whether the shard has anybody there for this room; undefined: it did not answer */
  async tell(shard: number, news: RoomNews): Promise<boolean | undefined> {
    try {
      return await inboxStub(this.#env, shard).hear(news)
    } catch {
      const { room_id } = news
      log.warn('inbox_not_told', { room_id, shard })
      return undefined
    }
  }

  tellMarks(
    room_id: string,
    { shard, marks }: { readonly shard: number; readonly marks: readonly MovedMark[] },
  ): void {
    const told = inboxStub(this.#env, shard).marksMoved(room_id, marks)
    this.#ctx.waitUntil(
      Promise.resolve(told).catch(() => log.warn('inbox_not_told', { room_id, shard })),
    )
  }
}
