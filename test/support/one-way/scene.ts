/** Rooms with people who watch and talk, and machines that post into them. */
import type { Pool } from 'pg'
import { expect } from 'vitest'
import type { Chance } from '../chance.ts'
import { Gathering } from '../gathering.ts'
import type { Person } from '../people.ts'
import { startTraffic, type Traffic } from '../traffic.ts'
import { within } from '../wait.ts'
import { oneWayViolations } from './judge.ts'
import { Poster, type Wish } from './poster.ts'

/** Of each room: who watches, and of them who talks. */
const watchersCount = 5
const talkersCount = 2

export type SceneOptions = {
  readonly url: string
  readonly pool: Pool
  readonly rooms: number
  /** Members of each room who post. */
  readonly posters: number
  readonly chance: Chance
  readonly connections?: number
}

export class Scene {
  readonly poster: Poster
  readonly gatherings: readonly Gathering[]
  readonly #traffics: Traffic[]

  private constructor(gatherings: readonly Gathering[], { chance, ...options }: SceneOptions) {
    this.gatherings = gatherings
    this.poster = new Poster({ ...options, chance: chance.fork('poster') })
    this.#traffics = gatherings.map(({ clients }) =>
      startTraffic(clients.slice(0, talkersCount), chance.fork('talk')),
    )
  }

  static async open(options: SceneOptions): Promise<Scene> {
    const { url, pool, chance, posters } = options
    const opening = Array.from({ length: options.rooms }, () =>
      Gathering.open({
        ...{ url, pool, chance },
        people: watchersCount + posters,
        clients: watchersCount,
      }),
    )
    return new Scene(await Promise.all(opening), options)
  }

  /** Who posts into a room: members without a socket. */
  machinesOf(gathering: Gathering): readonly Person[] {
    return gathering.people.slice(watchersCount)
  }

  /** A message of one of a room's machines, each in its turn. */
  turn(number: number): { readonly person: Person; readonly wish: Wish } {
    const gathering = this.gatherings[number % this.gatherings.length]
    const machines = gathering ? this.machinesOf(gathering) : []
    const person = machines[Math.floor(number / this.gatherings.length) % machines.length]
    if (!gathering || !person) throw new Error('there is nobody to post')
    return { person, wish: { recipient: roomOf(gathering), content: `reading ${number} 機台 3` } }
  }

  /** Everything accepted is final, and every promise was kept. */
  async judge(options: { readonly timeout_ms?: number; readonly order?: 'posted' } = {}) {
    const { timeout_ms = 60_000, order } = options
    await Promise.all(this.#traffics.map((traffic) => traffic.stop()))
    const machines = this.gatherings.flatMap((gathering) => this.machinesOf(gathering))
    const settled = await within(timeout_ms, () => this.poster.settle(machines))
    const rooms = []
    for (const gathering of this.gatherings) {
      const rows = await gathering.judge({ timeout_ms })
      const posted = this.poster.posted.filter(
        ({ recipient }) => recipient.id === gathering.room_id,
      )
      const violations = oneWayViolations(posted, rows, order)
      expect(violations.slice(0, 20), `${violations.length} violations`).toEqual([])
      rooms.push(rows)
    }
    expect(settled, 'all is final in time').toBe(true)
    this.poster.close()
    return rooms
  }
}

export const roomOf = ({ room_id }: Gathering) => ({ type: 'room', id: room_id }) as const
