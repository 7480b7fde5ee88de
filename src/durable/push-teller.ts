/** A room's side of the pushes: one call, for which nothing waits. It never throws. */
import type { PushesTold } from '../domain/room/pushing.ts'
import type { Env } from '../env.ts'
import { log } from '../telemetry/log.ts'
import { pushStub } from './stubs.ts'

export class PushTeller {
  readonly #env: Env
  readonly #room_id: string

  constructor(env: Env, room_id: string) {
    this.#env = env
    this.#room_id = room_id
  }

  async tell({ after, upto }: PushesTold['said']): Promise<PushesTold['outcome']> {
    const room_id = this.#room_id
    try {
      const level = await pushStub(this.#env, room_id).hear({ room_id, after, upto })
      return { ok: true, level }
    } catch {
      log.warn('push_not_told', { room_id })
      return { ok: false }
    }
  }
}
