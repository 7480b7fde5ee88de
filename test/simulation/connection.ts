/** One WebSocket between a client and a room: both directions keep their order, either may die. */
import type { Attachment } from '../../src/domain/room/attachment.ts'
import type { Client } from './client.ts'
import type { Host } from './host.ts'
import type { World } from './world.ts'

export class Connection {
  readonly id: string
  readonly client: Client
  readonly host: Host
  readonly batch: boolean
  attachment: Attachment | undefined
  /** Nothing passes any more, in either direction. */
  is_cut = false
  readonly #world: World
  /** When the last thing of each direction arrives; nothing overtakes it. */
  #up_at = 0
  #down_at = 0

  constructor(world: World, id: string, client: Client, host: Host) {
    this.#world = world
    this.id = id
    this.client = client
    this.host = host
    this.batch = client.batch
  }

  /** From the client. */
  up(text: string): void {
    this.#upwards(() => this.host.received(this, text))
  }

  /** From the room. */
  down(text: string): void {
    if (text.startsWith('{"type":"error"')) {
      const { ref } = JSON.parse(text) as { ref?: string }
      this.client.wasRefused(ref)
    }
    this.#downwards(() => this.client.receive(this, text))
  }

  /** The room closes; its own close event comes late, when the client has answered (CONN-9). */
  closeFromRoom(code: number): void {
    this.#downwards(() => {
      this.client.closed(this, code)
      this.#upwards(() => this.host.closed(this))
    })
  }

  /** The network is gone. Each side notices when it does. */
  cut(): void {
    if (this.is_cut) return
    this.is_cut = true
    const { timeline, faults } = this.#world
    timeline.after(faults.delay(1_000), () => this.client.closed(this, 1006))
    timeline.after(faults.delay(5_000), () => this.host.closed(this))
  }

  #upwards(run: () => void): void {
    const { timeline, faults } = this.#world
    this.#up_at = Math.max(this.#up_at, timeline.now + faults.delay())
    timeline.after(this.#up_at - timeline.now, () => {
      if (!this.is_cut) run()
    })
  }

  #downwards(run: () => void): void {
    const { timeline, faults } = this.#world
    this.#down_at = Math.max(this.#down_at, timeline.now + faults.delay())
    timeline.after(this.#down_at - timeline.now, () => {
      if (!this.is_cut) run()
    })
  }
}
