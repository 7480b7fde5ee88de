/** The person's own socket, for as long as the page is open (INBOX-1). */
import type { InboxDownFrame, InboxUpFrame } from '../../../src/protocol/inbox.ts'
import type { Api } from './api.ts'
import type { Clock } from './clock.ts'
import { Connection, type Admission } from './connection.ts'
import { inboxWire } from './inbox-wire.ts'
import type { OpenSocket } from './socket.ts'
import type { Surroundings } from './surroundings.ts'

export type InboxSyncOptions = {
  readonly api: Pick<Api, 'me'>
  readonly clock: Clock
  readonly random: () => number
  readonly openSocket: OpenSocket
  readonly surroundings: Surroundings
  readonly onFrame: (frame: InboxDownFrame) => void
}

export class InboxSync {
  readonly #api: Pick<Api, 'me'>
  readonly #connection: Connection<InboxDownFrame, InboxUpFrame>

  constructor(options: InboxSyncOptions) {
    this.#api = options.api
    this.#connection = new Connection({
      ...options,
      wire: inboxWire,
      askAdmission: () => this.#askAdmission(),
      onState: () => {},
    })
  }

  /** Whether the inbox tells by itself; otherwise one has to ask. */
  get isLive(): boolean {
    return this.#connection.state.kind === 'live'
  }

  start(): void {
    this.#connection.start()
  }

  close(): void {
    this.#connection.close()
  }

  /** A session that is over is told to the whole page by the API itself. */
  async #askAdmission(): Promise<Admission> {
    const result = await this.#api.me()
    return !result.ok && result.failure.code === 'unauthenticated' ? 'signed_out' : 'open'
  }
}
