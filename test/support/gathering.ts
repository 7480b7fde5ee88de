/**
 * A room, its people's clients and their history: opened together, watched until all is quiet,
 * then judged.
 */
import type { Pool } from 'pg'
import { expect } from 'vitest'
import { chanceFrom, type Chance } from './chance.ts'
import { RoomClient } from './client.ts'
import { violationsOf, type ClientHistory } from './history.ts'
import { readRoomRows, type RoomRows } from './history/rows.ts'
import { createRoomOf, type Person, type RoomOfPeople } from './people.ts'
import { within } from './wait.ts'

export type GatheringOptions = {
  /** http://host:port of the Worker. */
  readonly url: string
  /** Straight to Postgres. */
  readonly pool: Pool
  readonly people: number
  /** Who gets a client: the first so many; all if absent. */
  readonly clients?: number
  readonly batch?: boolean
  readonly chance?: Chance
}

/** Violations shown of a run that has thousands. */
const shownMax = 20

export class Gathering {
  readonly room_id: string
  readonly people: readonly Person[]
  readonly clients: RoomClient[] = []
  readonly #options: GatheringOptions
  readonly #others: ClientHistory[] = []

  private constructor(options: GatheringOptions, { room_id, people }: RoomOfPeople) {
    this.#options = options
    this.room_id = room_id
    this.people = people
  }

  static async open(options: GatheringOptions): Promise<Gathering> {
    const room = await createRoomOf(options.pool, options.people)
    const gathering = new Gathering(options, room)
    for (const person of room.people.slice(0, options.clients)) gathering.join(person)
    await Promise.all(gathering.clients.map((client) => client.joined))
    return gathering
  }

  /**
   * One more client, of somebody who may have others.
   * @param since_revision as RoomClient's
   * @param url of another Worker than the gathering's own
   */
  join(person: Person, since_revision: number | null = 0, url = this.#options.url): RoomClient {
    const { batch = true, chance = chanceFrom(0) } = this.#options
    const number = this.clients.length
    const name = `${person.user_id} #${number}`
    const client = new RoomClient({
      ...{ url, room_id: this.room_id, ...person, name, batch, since_revision },
      chance: chance.fork(`client ${number}`),
    })
    this.clients.push(client)
    return client
  }

  /** Somebody who writes by another way takes part in the judgement. */
  include(history: ClientHistory): void {
    this.#others.push(history)
  }

  /** Every outbox is empty and everybody is at the room's last revision. False: not in time. */
  quiet(timeout_ms: number): Promise<boolean> {
    const { pool } = this.#options
    return within(timeout_ms, async () => {
      if (this.clients.some((client) => client.unanswered > 0)) return false
      const { rows } = await pool.query<{ last: number }>(
        'SELECT last_revision::int AS last FROM incident_rooms WHERE room_id = $1',
        [this.room_id],
      )
      return this.clients.every((client) => client.revision === rows[0]?.last)
    })
  }

  /** Waits for quiet, closes everything and expects every promise kept. Returns the rows. */
  async judge({ timeout_ms = 30_000 } = {}): Promise<RoomRows> {
    const becameQuiet = await this.quiet(timeout_ms)
    await this.close()
    const rows = await readRoomRows(this.#options.pool, this.room_id)
    const histories = [...this.clients.map((client) => client.history), ...this.#others]
    const violations = violationsOf(histories, rows)
    expect(violations.slice(0, shownMax), `${violations.length} violations`).toEqual([])
    expect(becameQuiet, 'all is quiet in time').toBe(true)
    return rows
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()))
  }
}
